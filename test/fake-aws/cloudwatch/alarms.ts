import { AwsError } from '../errors.ts';
import type { Operation } from '../service.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Alarm {
  readonly kind: 'metric' | 'composite';
  readonly name: string;
  readonly fields: Fields;
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  reason: string;
  since: number;
}

export interface Alarms {
  alarms: Alarm[];
  history: { name: string; time: number; summary: string }[];
}

const METRIC = new Set(
  'AlarmName AlarmDescription ActionsEnabled OKActions AlarmActions InsufficientDataActions MetricName Namespace Statistic ExtendedStatistic Dimensions Period Unit EvaluationPeriods DatapointsToAlarm Threshold ComparisonOperator TreatMissingData Tags'.split(
    ' ',
  ),
);
const COMPOSITE = new Set(
  'AlarmName AlarmDescription ActionsEnabled OKActions AlarmActions InsufficientDataActions AlarmRule Tags'.split(
    ' ',
  ),
);
const ONE_OF: Readonly<Record<string, readonly string[]>> = {
  Statistic: ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'],
  ComparisonOperator: [
    'GreaterThanOrEqualToThreshold',
    'GreaterThanThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ],
  TreatMissingData: ['breaching', 'notBreaching', 'ignore', 'missing'],
};

/** Validation as the API reference has it; the wording is the service's usual one (unverified for each). */
function invalid(message: string): AwsError {
  return new AwsError(400, 'ValidationError', message);
}

function checkFields(fields: Fields, known: ReadonlySet<string>): string {
  const { AlarmName } = fields;
  if (typeof AlarmName !== 'string' || AlarmName === '' || AlarmName.length > 255)
    throw invalid('The parameter AlarmName must be from 1 to 255 characters.');
  for (const field of Object.keys(fields)) if (!known.has(field)) throw invalid(`Unknown parameter ${field}`);
  for (const [field, values] of Object.entries(ONE_OF))
    if (fields[field] !== undefined && !values.includes(String(fields[field])))
      throw invalid(`Value '${String(fields[field])}' at '${field}' failed to satisfy enum value set`);
  for (const field of ['AlarmActions', 'OKActions']) {
    const actions = (fields[field] ?? []) as string[];
    if (actions.length > 5) throw invalid(`The collection ${field} must not have a size greater than 5.`);
    for (const action of actions) if (!action.startsWith('arn:aws:')) throw invalid(`Invalid ARN ${action}`);
  }
  return AlarmName;
}

function checkMetric(fields: Fields, region: string): void {
  for (const field of [
    'MetricName',
    'Namespace',
    'Statistic',
    'Period',
    'EvaluationPeriods',
    'Threshold',
    'ComparisonOperator',
  ])
    if (fields[field] === undefined) throw invalid(`The parameter ${field} is required.`);
  const [period, of, points] = [
    Number(fields['Period']),
    Number(fields['EvaluationPeriods']),
    Number(fields['DatapointsToAlarm'] ?? 1),
  ];
  if (period % 60 !== 0) throw invalid('Period must be 10, 20, 30 or a multiple of 60');
  if (points > of) throw invalid('DatapointsToAlarm must be less than or equal to EvaluationPeriods');
  if (of * period > 86_400 * (period >= 3600 ? 7 : 1))
    throw invalid(
      'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).',
    );
  for (const action of (fields['AlarmActions'] ?? []) as string[])
    if (action.split(':')[3] !== region)
      throw invalid(`Invalid region ${action.split(':')[3]} specified. Only ${region} is supported.`);
}

function childrenIn(rule: string): string[] {
  const terms = rule.split(' OR ').map((term) => /^ALARM\("([^"]+)"\)$/u.exec(term)?.[1]);
  if (terms.some((term) => term === undefined)) throw invalid(`AlarmRule could not be parsed: ${rule}`);
  if (terms.length > 100) throw invalid('AlarmRule must not refer to more than 100 alarms');
  return terms as string[];
}

function put(state: Alarms, kind: Alarm['kind'], fields: Fields, name: string): void {
  const old = state.alarms.find((alarm) => alarm.name === name);
  if (old !== undefined && old.kind !== kind) throw invalid(`Alarm ${name} exists with another type.`);
  const fresh: Alarm = old ?? {
    kind,
    name,
    fields,
    state: 'INSUFFICIENT_DATA',
    reason: 'Unchecked: Initial alarm creation',
    since: 0,
  };
  state.alarms = [...state.alarms.filter((alarm) => alarm !== old), { ...fresh, fields }].toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

/** Composites go by their children at once, and tell their topics when they go off. */
function evaluate(state: Alarms, now: number): void {
  for (const composite of state.alarms.filter(({ kind }) => kind === 'composite')) {
    const children = childrenIn(String(composite.fields['AlarmRule']));
    const off = children.some((name) => state.alarms.find((alarm) => alarm.name === name)?.state === 'ALARM');
    const next = off ? 'ALARM' : 'OK';
    if (composite.state === next) continue;
    composite.state = next;
    composite.since = now;
    for (const action of (composite.fields[off ? 'AlarmActions' : 'OKActions'] ?? []) as string[]) {
      // what the service writes (unverified in its wording)
      const told = action.endsWith(':closed')
        ? `Failed to execute action ${action}. Received error: "AuthorizationError"`
        : `Successfully executed action ${action}`;
      state.history.push({ name: composite.name, time: now, summary: told });
    }
  }
}

const operation = (mutates: boolean, run: Operation<Alarms>['run']): Operation<Alarms> => ({ mutates, run });

export const alarmOperations: Readonly<Record<string, Operation<Alarms>>> = {
  DescribeAlarms: operation(
    false,
    (
      state,
      input: { AlarmNamePrefix?: string; AlarmTypes?: string[]; MaxRecords?: number; NextToken?: string },
    ) => {
      const { AlarmNamePrefix = '', AlarmTypes = ['MetricAlarm'], MaxRecords = 50, NextToken = '0' } = input;
      if (MaxRecords < 1 || MaxRecords > 100) throw invalid('MaxRecords must be from 1 to 100');
      const all = state.alarms.filter(
        ({ name, kind }) =>
          name.startsWith(AlarmNamePrefix) &&
          AlarmTypes.includes(kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm'),
      );
      const page = all.slice(Number(NextToken), Number(NextToken) + MaxRecords);
      const next = Number(NextToken) + MaxRecords;
      const told = (kind: Alarm['kind']): object[] =>
        page
          .filter((alarm) => alarm.kind === kind)
          .map((alarm) => ({
            ...alarm.fields,
            StateValue: alarm.state,
            StateReason: alarm.reason,
            StateUpdatedTimestamp: alarm.since / 1000,
          }));
      return {
        MetricAlarms: told('metric'),
        CompositeAlarms: told('composite'),
        ...(next < all.length ? { NextToken: String(next) } : {}),
      };
    },
  ),
  PutMetricAlarm: operation(true, (state, fields: Fields, { region }) => {
    const name = checkFields(fields, METRIC);
    checkMetric(fields, region);
    put(state, 'metric', fields, name);
    return {};
  }),
  PutCompositeAlarm: operation(true, (state, fields: Fields, { now }) => {
    const name = checkFields(fields, COMPOSITE);
    for (const child of childrenIn(String(fields['AlarmRule'])))
      if (!state.alarms.some((alarm) => alarm.name === child))
        throw invalid(`AlarmRule refers to ${child}, which does not exist.`);
    put(state, 'composite', fields, name);
    evaluate(state, now.getTime());
    return {};
  }),
  DeleteAlarms: operation(true, (state, { AlarmNames }: { AlarmNames: string[] }) => {
    for (const name of AlarmNames) {
      const user = state.alarms.find(
        ({ kind, fields }) => kind === 'composite' && childrenIn(String(fields['AlarmRule'])).includes(name),
      );
      if (user !== undefined && !AlarmNames.includes(user.name))
        throw invalid(`Alarm ${name} cannot be deleted as ${user.name} depends on it.`);
      if (!state.alarms.some((alarm) => alarm.name === name))
        throw new AwsError(404, 'ResourceNotFound', `Alarm ${name} does not exist`);
    }
    state.alarms = state.alarms.filter(({ name }) => !AlarmNames.includes(name));
    return {};
  }),
  SetAlarmState: operation(
    true,
    (state, input: { AlarmName: string; StateValue: Alarm['state']; StateReason: string }, { now }) => {
      const alarm = state.alarms.find(({ name }) => name === input.AlarmName);
      if (alarm === undefined)
        throw new AwsError(404, 'ResourceNotFound', `Alarm ${input.AlarmName} does not exist`);
      Object.assign(alarm, { state: input.StateValue, reason: input.StateReason, since: now.getTime() });
      evaluate(state, now.getTime());
      return {};
    },
  ),
  DescribeAlarmHistory: operation(
    false,
    (state, { AlarmName, StartDate = 0 }: { AlarmName: string; StartDate?: number }) => ({
      AlarmHistoryItems: state.history
        .filter(({ name, time }) => name === AlarmName && time >= StartDate * 1000)
        .map(({ name, time, summary }) => ({
          AlarmName: name,
          Timestamp: time / 1000,
          HistoryItemType: 'Action',
          HistorySummary: summary,
        })),
    }),
  ),
};
