import { prefixOf } from '../../lib/metrics/alarms/alarm.ts';
import { topicDocument } from '../../lib/metrics/alarms/topics.ts';
import { renderAlarms } from '../../lib/ui/metrics/alarms.ts';
import type { Invocation, Outcome } from '../command.ts';
import { lookEverywhere, type Sight, stepsFor } from './look.ts';
import { isOfStack } from './stack.ts';
import { noteGaps, topicsOf } from './topics.ts';

const RANK = { ALARM: 0, INSUFFICIENT_DATA: 1, OK: 2 } as const;

/** `--json`: `{schemaVersion, name, balancer, alarms: [{name, kind, region, state, since, reason}], topics}`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal } = invocation;
  const sights = await lookEverywhere(invocation);
  const { loaded, balancer } = sights[0]!;
  const { name, alarms: settings } = loaded.balancer;
  const topics = await topicsOf(settings!.notify);
  const alarms = sights.flatMap(alarmsOf).toSorted((a, b) => RANK[a.state] - RANK[b.state]);
  const maker = isOfStack(loaded.balancer) ? 'lbctl up' : 'lbctl alarms apply';
  if (terminal.json)
    terminal.printJson({ name, balancer: balancer?.arn ?? null, alarms, topics: topics.map(topicDocument) });
  else if (alarms.length === 0) terminal.print(`${name} has no alarms: ${maker} makes them`);
  else
    for (const { region } of sights) {
      const here = alarms.filter((alarm) => alarm.region === (region ?? null));
      if (sights.length > 1) terminal.print(terminal.style.bold(region!));
      if (here.length > 0) terminal.print(renderAlarms(here, prefixOf(name), terminal.style));
    }
  const open = sights.reduce((sum, sight) => sum + stepsFor(sight).steps.length, 0);
  if (alarms.length > 0 && open > 0)
    terminal.note(
      `${terminal.noteStyle.yellow('!')} ${open} of them are not as lb.yaml says: lbctl alarms plan shows how`,
    );
  noteGaps(topics, terminal);
  return 0;
}

function alarmsOf({ existing, region }: Sight) {
  return existing.map(({ alarm: { name, kind }, state, since, reason }) => ({
    name,
    kind,
    region: region ?? null,
    state,
    since,
    reason,
  }));
}
