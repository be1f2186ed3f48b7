import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { UserError } from '../errors.ts';
import { clientOptions } from './client.ts';
import { attempt } from './failure.ts';

/** What CloudWatch has of one query. */
interface MetricData {
  readonly times: readonly Date[];
  readonly values: readonly number[];
  /** Whether all of it came. */
  readonly complete: boolean;
}

export interface CloudWatch {
  /**
   * The points of some queries, by their `Id`; one call, and one more for each further page.
   * @throws UserError `denied` where the caller may not read them.
   */
  metricData(queries: readonly MetricDataQuery[], from: Date, to: Date): Promise<Map<string, MetricData>>;
  close(): void;
}

/** How often what CloudWatch could not bring is asked for again. */
const AGAIN = 2;

export function cloudWatch(region: string): CloudWatch {
  const client = new CloudWatchClient(clientOptions(region));
  const call = { doing: 'read metrics', action: 'cloudwatch:GetMetricData', region };
  async function ask(
    queries: readonly MetricDataQuery[],
    from: Date,
    to: Date,
  ): Promise<Map<string, Gathered>> {
    const found = new Map<string, Gathered>(
      queries.map(({ Id }) => [Id!, { times: [], values: [], status: 'Complete' }]),
    );
    let token: string | undefined;
    do {
      const answer = await attempt(call, () =>
        client.send(
          new GetMetricDataCommand({
            MetricDataQueries: [...queries],
            StartTime: from,
            EndTime: to,
            ScanBy: 'TimestampAscending',
            NextToken: token,
          }),
        ),
      );
      for (const { Id, Timestamps = [], Values = [], StatusCode = 'Complete' } of answer.MetricDataResults ??
        []) {
        const one = found.get(Id!);
        if (one === undefined) continue;
        one.times.push(...Timestamps);
        one.values.push(...Values);
        one.status = StatusCode;
      }
      token = answer.NextToken;
    } while (token);
    return found;
  }
  return {
    async metricData(queries, from, to) {
      const found = await ask(queries, from, to);
      for (let tries = 0; tries < AGAIN; tries++) {
        const failed = queries.filter(({ Id }) => found.get(Id!)!.status === 'InternalError');
        if (failed.length === 0) break;
        for (const [id, one] of await ask(failed, from, to)) found.set(id, one);
      }
      if ([...found.values()].some(({ status }) => status === 'Forbidden')) throw forbidden(region);
      return new Map(
        [...found].map(([id, { times, values, status }]) => [
          id,
          { times, values, complete: status === 'Complete' },
        ]),
      );
    },
    close: () => client.destroy(),
  };
}

interface Gathered {
  readonly times: Date[];
  readonly values: number[];
  /** Of the last page that had something of it. */
  status: string;
}

function forbidden(region: string): UserError {
  return new UserError(
    'denied',
    'access-denied',
    `cannot read metrics in ${region}: CloudWatch refuses some of them`,
    {
      hint: 'allow cloudwatch:GetMetricData to whoever runs lbctl (aws sts get-caller-identity)',
    },
  );
}
