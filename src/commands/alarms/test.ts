import { setTimeout as sleep } from 'node:timers/promises';
import { clockAhead } from '../../lib/aws/clock.ts';
import { Aborted, UserError } from '../../lib/errors.ts';
import { prefixOf, type CompositeAlarm, type MetricAlarm } from '../../lib/metrics/alarms/alarm.ts';
import { gapOf, isDeaf, reachedBy, type Topic, topicDocument } from '../../lib/metrics/alarms/topics.ts';
import { nearest } from '../../lib/nearest.ts';
import { withProgress } from '../../lib/ui/progress.ts';
import { visible } from '../../lib/ui/visible.ts';
import type { Invocation, Outcome } from '../command.ts';
import { look, type Sight } from './look.ts';
import { noteGaps, topicsOf } from './topics.ts';

/** Milliseconds that CloudWatch is given to tell the topics, and between two looks. */
const PATIENCE = 60_000;
const PAUSE = 2_000;
/** CloudWatch's clock need not be the one here. */
const SKEW = 60_000;

/** `--json`: `{schemaVersion, name, alarm, told, topics}`; `told` are CloudWatch's sentences on what it has done. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options, args } = invocation;
  const sight = await look(invocation);
  const { name } = sight.loaded.balancer;
  const { alarm, composite } = chosen(sight, args[0]);
  const topics = await topicsOf(composite.actions);
  refuseDeaf(topics);
  noteGaps(topics, terminal);
  const told = await withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
    const question = `Set ${alarm.name} off, and have ${composite.actions.join(', ')} told?`;
    if (!(await io.confirm(question))) throw new Aborted('nothing was set off');
    const since = new Date(Date.now() - clockAhead() * 1000 - SKEW);
    // sentences of before may be the very same
    const before = (await sight.service.actionsSince(composite.name, since)).length;
    io.notify({ kind: 'start', text: `setting ${alarm.name} off` });
    await sight.service.setOff(alarm.name, 'A test by lbctl: nothing is wrong.');
    io.notify({ kind: 'done', text: `${alarm.name} is off; its next evaluation takes that back` });
    io.notify({ kind: 'start', text: `waiting until ${composite.name} has told` });
    for (const end = Date.now() + PATIENCE; ; await sleep(PAUSE)) {
      const actions = (await sight.service.actionsSince(composite.name, since)).slice(before);
      const failed = actions.find((action) => /fail/iu.test(action));
      if (failed !== undefined) throw untold(composite, failed);
      if (actions.length > 0) {
        for (const action of actions) io.notify({ kind: 'done', text: action });
        return actions;
      }
      if (Date.now() >= end) throw untold(composite, `nothing was told within ${PATIENCE / 1000} s`);
    }
  });
  if (terminal.json) terminal.printJson({ name, alarm: alarm.name, told, topics: topics.map(topicDocument) });
  else terminal.note(`SNS has it${handedOn(topics)}: look whether it arrives`);
  return 0;
}

/** @throws UserError `failed` where it is known that nobody would be told. */
function refuseDeaf(topics: readonly Topic[]): void {
  if (topics.length === 0 || !topics.every(isDeaf)) return;
  const { message, hint } = gapOf(topics[0]!)!;
  throw new UserError('failed', 'nobody-told', message, hint === null ? {} : { hint });
}

function handedOn(topics: readonly Topic[]): string {
  const reached = reachedBy(topics);
  return reached.length === 0 ? '' : `, and hands it to ${reached.map(visible).join(', ')}`;
}

function untold({ name, actions }: CompositeAlarm, what: string): UserError {
  return new UserError('failed', 'untold', `${name} has told nobody: ${what}`, {
    hint: `see whether the policy of ${actions.join(', ')} lets cloudwatch.amazonaws.com publish`,
  });
}

/** An alarm that is off already tells nobody of another reason. */
function refuseWhileOff(existing: Sight['existing'], { name }: CompositeAlarm): void {
  if (existing.find(({ alarm }) => alarm.name === name)?.state !== 'ALARM') return;
  throw new UserError('failed', 'off-already', `${name} is off already, and would tell nobody of a test`, {
    hint: 'lbctl alarms list says why',
  });
}

/** The alarm that is meant, and the one that tells people of it. */
function chosen(
  { existing, loaded }: Sight,
  word?: string,
): { alarm: MetricAlarm; composite: CompositeAlarm } {
  const alarms = existing.map(({ alarm }) => alarm);
  const composites = alarms.filter((alarm) => alarm.kind === 'composite');
  const metrics = alarms.filter((alarm) => alarm.kind === 'metric');
  if (metrics.length === 0 || composites.length === 0)
    throw new UserError('failed', 'no-alarms', `${loaded.balancer.name} has no alarms yet`, {
      hint: 'lbctl alarms apply makes them',
    });
  const prefix = prefixOf(loaded.balancer.name);
  const short = ({ name }: MetricAlarm): string => name.slice(prefix.length);
  const critical = composites.find(({ name }) => name === `${prefix}critical`) ?? composites[0]!;
  const alarm =
    word === undefined
      ? metrics.find(({ name }) => critical.of.includes(name))
      : metrics.find((one) => short(one) === word || one.name === word);
  const composite = composites.find(({ of }) => alarm !== undefined && of.includes(alarm.name));
  if (alarm !== undefined && composite !== undefined) {
    refuseWhileOff(existing, composite);
    return { alarm, composite };
  }
  const close = nearest(word ?? '', metrics.map(short));
  throw new UserError('input', 'unknown-alarm', `${loaded.balancer.name} has no alarm ${word}`, {
    hint: close === undefined ? `there are ${metrics.map(short).join(', ')}` : `did you mean ${close}?`,
  });
}
