import { prefixOf } from '../../lib/metrics/alarms/alarm.ts';
import { renderAlarms } from '../../lib/ui/metrics/alarms.ts';
import type { Invocation, Outcome } from '../command.ts';
import { look, stepsFor } from './look.ts';

const RANK = { ALARM: 0, INSUFFICIENT_DATA: 1, OK: 2 } as const;

/** `--json`: `{schemaVersion, name, balancer, alarms: [{name, kind, state, since, reason}]}`. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal } = invocation;
  const sight = await look(invocation);
  const { name } = sight.loaded.balancer;
  const alarms = sight.existing
    .toSorted((a, b) => RANK[a.state] - RANK[b.state])
    .map(({ alarm, state, since, reason }) => ({ name: alarm.name, kind: alarm.kind, state, since, reason }));
  if (terminal.json) terminal.printJson({ name, balancer: sight.balancer.arn, alarms });
  else if (alarms.length === 0) terminal.print(`${name} has no alarms: lbctl alarms apply makes them`);
  else terminal.print(renderAlarms(alarms, prefixOf(name), terminal.style));
  const open = stepsFor(sight).steps.length;
  if (alarms.length > 0 && open > 0)
    terminal.note(
      `${terminal.noteStyle.yellow('!')} ${open} of them are not as lb.yaml says: lbctl alarms plan shows how`,
    );
  return 0;
}
