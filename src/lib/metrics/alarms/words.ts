import type { Statistic } from '../catalog.ts';
import { type Alarm, type CompositeAlarm, type MetricAlarm, ruleOf } from './alarm.ts';
import type { Existing } from './plan.ts';

/** An alarm of one metric in CloudWatch's own words, as far as they are read here. */
export interface FoundMetric {
  readonly AlarmName?: string | undefined;
  readonly AlarmDescription?: string | undefined;
  readonly Namespace?: string | undefined;
  readonly MetricName?: string | undefined;
  readonly Dimensions?:
    | readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[]
    | undefined;
  readonly Statistic?: string | undefined;
  readonly Period?: number | undefined;
  readonly EvaluationPeriods?: number | undefined;
  readonly DatapointsToAlarm?: number | undefined;
  readonly Threshold?: number | undefined;
  readonly ComparisonOperator?: string | undefined;
  readonly TreatMissingData?: string | undefined;
  readonly AlarmActions?: readonly string[] | undefined;
  readonly StateValue?: string | undefined;
  readonly StateReason?: string | undefined;
  readonly StateTransitionedTimestamp?: Date | undefined;
  readonly StateUpdatedTimestamp?: Date | undefined;
}

export interface FoundComposite extends Pick<
  FoundMetric,
  | 'AlarmName'
  | 'AlarmDescription'
  | 'AlarmActions'
  | 'StateValue'
  | 'StateReason'
  | 'StateTransitionedTimestamp'
  | 'StateUpdatedTimestamp'
> {
  readonly AlarmRule?: string | undefined;
}

/** What PutMetricAlarm is given. */
export function metricInput(alarm: MetricAlarm) {
  const [datapoints, of] = alarm.periods;
  return {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description,
    Namespace: alarm.namespace,
    MetricName: alarm.metric,
    Dimensions: Object.entries(alarm.dimensions).map(([name, value]) => ({ Name: name, Value: value })),
    Statistic: alarm.statistic,
    Period: alarm.period,
    EvaluationPeriods: of,
    DatapointsToAlarm: datapoints,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.missing,
    ActionsEnabled: true,
    AlarmActions: [...alarm.actions],
  };
}

/** What PutCompositeAlarm is given. */
export function compositeInput(alarm: CompositeAlarm) {
  return {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description,
    AlarmRule: ruleOf(alarm),
    ActionsEnabled: true,
    AlarmActions: [...alarm.actions],
    OKActions: [...alarm.actions],
  };
}

/** The alarms that CloudWatch has. */
export function readAlarms(found: {
  readonly metric: readonly FoundMetric[];
  readonly composite: readonly FoundComposite[];
}): Existing[] {
  return [
    ...found.metric.map((alarm) => ({ alarm: readMetric(alarm), ...stateOf(alarm) })),
    ...found.composite.map((alarm) => ({ alarm: readComposite(alarm), ...stateOf(alarm) })),
  ];
}

function stateOf(found: FoundComposite): Omit<Existing, 'alarm'> {
  const { StateValue, StateReason = '', StateTransitionedTimestamp, StateUpdatedTimestamp } = found;
  return {
    state: StateValue === 'OK' || StateValue === 'ALARM' ? StateValue : 'INSUFFICIENT_DATA',
    since: StateTransitionedTimestamp ?? StateUpdatedTimestamp ?? null,
    reason: StateReason,
  };
}

function readMetric(found: FoundMetric): Alarm {
  return {
    kind: 'metric',
    name: found.AlarmName!,
    severity: 'warning',
    description: found.AlarmDescription ?? '',
    namespace: found.Namespace ?? '',
    metric: found.MetricName ?? '',
    dimensions: Object.fromEntries((found.Dimensions ?? []).map(({ Name, Value }) => [Name!, Value!])),
    statistic: found.Statistic as Statistic,
    period: found.Period ?? 0,
    // where it is not told, all of them have to be
    periods: [found.DatapointsToAlarm ?? found.EvaluationPeriods ?? 0, found.EvaluationPeriods ?? 0],
    comparison: found.ComparisonOperator as MetricAlarm['comparison'],
    threshold: found.Threshold ?? 0,
    missing: (found.TreatMissingData ?? 'missing') as MetricAlarm['missing'],
    actions: found.AlarmActions ?? [],
  };
}

function readComposite(found: FoundComposite): Alarm {
  return {
    kind: 'composite',
    name: found.AlarmName!,
    severity: 'warning',
    description: found.AlarmDescription ?? '',
    of: [...(found.AlarmRule ?? '').matchAll(/ALARM\("?([^")]+)"?\)/gu)].map(([, name]) => name!),
    actions: found.AlarmActions ?? [],
  };
}
