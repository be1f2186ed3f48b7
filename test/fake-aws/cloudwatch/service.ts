import { AwsError } from '../errors.ts';
import { json } from '../protocols/json.ts';
import { defineService } from '../service.ts';
import { type Alarms, alarmOperations } from './alarms.ts';

/** A sample of one minute. */
export interface Sample {
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly value: number;
}

interface Query {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
}

interface Input {
  readonly MetricDataQueries?: readonly Query[];
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly NextToken?: string;
  readonly MaxDatapoints?: number;
  readonly ScanBy?: string;
}

const DAY = 86_400;
/** Samples are told apart by their dimensions, which no two of these share. */
const NAMESPACES = new Set(['AWS/NetworkELB', 'AWS/EC2', 'AWS/AutoScaling']);
const MEMBERS = new Set([
  'MetricDataQueries',
  'StartTime',
  'EndTime',
  'NextToken',
  'MaxDatapoints',
  'ScanBy',
  'LabelOptions',
]);
const STATISTICS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  Minimum: (values) => Math.min(...values),
  Maximum: (values) => Math.max(...values),
  SampleCount: (values) => values.length,
};

interface Options {
  /** Answers queries of these metrics so, instead of `Complete`. */
  readonly status?: Readonly<Record<string, 'InternalError' | 'PartialData' | 'Forbidden'>>;
  /** Points that a page has at most, as the service's 100,800. */
  readonly page?: number;
}

/** CloudWatch, as far as GetMetricData and alarms go. */
export function cloudWatch(samples: readonly Sample[], { status = {}, page = 100_800 }: Options = {}) {
  const byKey = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = keyOf(sample.metric, sample.dimensions);
    byKey.set(key, [...(byKey.get(key) ?? []), sample]);
  }
  return defineService<Alarms>({
    name: 'monitoring',
    protocol: json('GraniteServiceVersion20100801', '1.0'),
    state: { alarms: [], history: [] },
    operations: {
      ...alarmOperations,
      GetMetricData: {
        mutates: false,
        run(_, input: Input, { now }) {
          check(input);
          const queries = input.MetricDataQueries!;
          // a page begins where the one before has ended
          const [query = 0, offset = 0] = (input.NextToken ?? '').split(' ').filter(Boolean).map(Number);
          const results: object[] = [];
          let room = Math.min(page, input.MaxDatapoints ?? page);
          for (let index = query; index < queries.length; index++) {
            const one = queries[index]!;
            const { MetricName } = one.MetricStat.Metric;
            const all =
              status[MetricName] === undefined || status[MetricName] === 'PartialData'
                ? pointsOf(one, input, now, byKey)
                : [];
            const rest = index === query ? all.slice(offset) : all;
            const part = rest.slice(0, room);
            room -= part.length;
            const isWhole = part.length === rest.length;
            results.push({
              Id: one.Id,
              Label: MetricName,
              Timestamps: part.map(([time]) => new Date(time)),
              Values: part.map(([, value]) => value),
              StatusCode: status[MetricName] ?? (isWhole ? 'Complete' : 'PartialData'),
            });
            const taken = (index === query ? offset : 0) + part.length;
            if (!isWhole) return { MetricDataResults: results, NextToken: `${index} ${taken}` };
          }
          return { MetricDataResults: results };
        },
      },
    },
    inventory: ({ alarms }) => alarms,
  });
}

function keyOf(metric: string, dimensions: Readonly<Record<string, string>>): string {
  return [
    metric,
    ...Object.entries(dimensions)
      .map((pair) => pair.join('='))
      .toSorted(),
  ].join(' ');
}

/** Validation as documented for the operation; the wording is the service's usual one (unverified for each). */
function check(input: Input): void {
  const invalid = (message: string): AwsError => new AwsError(400, 'ValidationError', message);
  for (const member of Object.keys(input))
    if (!MEMBERS.has(member)) throw invalid(`Unknown member ${member}`);
  const { MetricDataQueries: queries, StartTime: from, EndTime: to } = input;
  if (!queries || from === undefined || to === undefined)
    throw new AwsError(
      400,
      'MissingParameter',
      'The parameters MetricDataQueries, StartTime and EndTime are required',
    );
  if (queries.length > 500)
    throw invalid('The collection MetricDataQueries must not have a size greater than 500.');
  if (from >= to) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  const ids = new Set(queries.map(({ Id }) => Id));
  if (ids.size < queries.length)
    throw invalid('The values for parameter Id in MetricDataQueries are not unique.');
  for (const { Id, MetricStat } of queries) {
    if (!/^[a-z]\w{0,254}$/u.test(Id)) throw invalid(`The value for parameter Id ${Id} is not valid.`);
    if (!(MetricStat.Stat in STATISTICS))
      throw invalid(`The value ${MetricStat.Stat} for parameter Stat is not supported.`);
    if (MetricStat.Period % 60 !== 0 || MetricStat.Period < 60)
      throw invalid(`The parameter Period must be a multiple of 60.`);
  }
}

/** Points of a query; none where so old a start has none of that length any more. */
function pointsOf(
  { MetricStat: { Metric, Period, Stat } }: Query,
  { StartTime = 0, EndTime = 0 }: Input,
  now: Date,
  byKey: ReadonlyMap<string, readonly Sample[]>,
): (readonly [number, number])[] {
  const age = (now.getTime() / 1000 - StartTime) / DAY;
  const finest = age <= 15 ? 60 : age <= 63 ? 300 : 3600;
  if (Period % finest !== 0 || age > 455 || !NAMESPACES.has(Metric.Namespace)) return [];
  const dimensions = Object.fromEntries((Metric.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
  const periods = new Map<number, number[]>();
  for (const { time, value } of byKey.get(keyOf(Metric.MetricName, dimensions)) ?? []) {
    if (time < StartTime * 1000 || time >= EndTime * 1000) continue;
    const start = Math.floor(time / 1000 / Period) * Period * 1000;
    periods.set(start, [...(periods.get(start) ?? []), value]);
  }
  return [...periods]
    .map(([time, values]) => [time, STATISTICS[Stat]!(values)] as const)
    .toSorted((a, b) => a[0] - b[0]);
}
