import type { Step } from '../../plan/step.ts';
import { type Alarm, ruleOf } from './alarm.ts';
import { spanText } from '../window.ts';

/** An alarm as CloudWatch has it. */
export interface Existing {
  readonly alarm: Alarm;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** When it came to that; null where it is not told. */
  readonly since: Date | null;
  /** Why, in CloudWatch's words. */
  readonly reason: string;
}

export interface AlarmStep extends Step<'put' | 'remove'> {
  readonly alarm: Alarm;
}

/** US dollars a month for one of them, beyond the ten free ones of an account ("Amazon CloudWatch Pricing", us-east-1). */
const MONTHLY = { metric: 0.1, composite: 0.5 } as const;

/**
 * What brings the alarms that exist to those that are wanted. Single ones come before the composites that go by them, and
 * go after them: CloudWatch removes none that another one needs.
 */
export function planAlarms(wanted: readonly Alarm[], existing: readonly Existing[]): AlarmStep[] {
  const there = new Map(existing.map(({ alarm }) => [alarm.name, alarm]));
  const names = new Set(wanted.map(({ name }) => name));
  const puts = wanted.flatMap((alarm): AlarmStep[] => {
    const old = there.get(alarm.name);
    const changes = old === undefined ? whatItIs(alarm) : changesBetween(old, alarm);
    if (old !== undefined && changes.length === 0) return [];
    return [step('put', old === undefined ? 'create' : 'change', alarm, changes)];
  });
  const gone = existing.filter(({ alarm }) => !names.has(alarm.name)).map(({ alarm }) => alarm);
  const removed = [...gone.filter(isComposite), ...gone.filter((alarm) => !isComposite(alarm))];
  return [...puts, ...removed.map((alarm) => step('remove', 'delete', alarm, []))];
}

/** US dollars a month for all of them. */
export function monthlyOf(alarms: readonly Alarm[]): number {
  return alarms.reduce((sum, { kind }) => sum + MONTHLY[kind], 0);
}

function isComposite({ kind }: Alarm): boolean {
  return kind === 'composite';
}

function step(
  kind: AlarmStep['kind'],
  action: Step['action'],
  alarm: Alarm,
  details: readonly string[],
): AlarmStep {
  return {
    kind,
    action,
    resource: isComposite(alarm) ? 'composite alarm' : 'alarm',
    name: alarm.name,
    details,
    alarm,
  };
}

const SIGNS = {
  GreaterThanOrEqualToThreshold: 'at least',
  GreaterThanThreshold: 'more than',
  LessThanThreshold: 'less than',
} as const;

/** An alarm in lines for people. */
function whatItIs(alarm: Alarm): string[] {
  if (alarm.kind === 'composite')
    return [`when one of ${alarm.of.length} goes off`, ...alarm.actions.map((action) => `tells ${action}`)];
  const { statistic, metric, comparison, threshold, periods, period } = alarm;
  const [datapoints, of] = periods;
  const when = of === 1 ? `in ${spanText(period)}` : `in ${datapoints} of ${of} times ${spanText(period)}`;
  return [
    `${statistic} of ${metric} ${SIGNS[comparison]} ${threshold} ${when}`,
    ...alarm.actions.map((action) => `sets off ${action}`),
  ];
}

/** What differs, a line each, from what to what. */
function changesBetween(old: Alarm, now: Alarm): string[] {
  const [before, after] = [flat(old), flat(now)];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    before[key] === after[key] ? [] : [`${key}: ${before[key] ?? 'none'} becomes ${after[key] ?? 'none'}`],
  );
}

function flat(alarm: Alarm): Record<string, string> {
  const actions = alarm.actions.toSorted().join(' ');
  if (alarm.kind === 'composite') return { description: alarm.description, rule: ruleOf(alarm), actions };
  const {
    description,
    namespace,
    metric,
    dimensions,
    statistic,
    period,
    periods,
    comparison,
    threshold,
    missing,
  } = alarm;
  const pairs = Object.entries(dimensions).map((pair) => pair.join('='));
  return {
    description,
    metric: `${namespace} ${metric}`,
    dimensions: pairs.toSorted().join(' '),
    statistic,
    period: spanText(period),
    periods: periods.join(' of '),
    threshold: `${SIGNS[comparison]} ${threshold}`,
    'without samples': missing,
    actions,
  };
}
