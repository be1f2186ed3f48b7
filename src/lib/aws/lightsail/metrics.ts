import {
  GetInstanceMetricDataCommand,
  type InstanceMetricName,
  LightsailClient,
  type MetricDatapoint,
  type MetricStatistic,
  type MetricUnit,
} from '@aws-sdk/client-lightsail';
import { clientOptions } from '../client.ts';
import { attempt } from '../failure.ts';

/** What is asked of one instance: one metric, and what is computed of its samples. */
interface Question {
  readonly instance: string;
  readonly metric: string;
  /** The one that it is published in. */
  readonly unit: string;
  readonly statistics: readonly ('Average' | 'Maximum' | 'Minimum' | 'Sum')[];
  readonly from: Date;
  readonly to: Date;
  /** Seconds, a multiple of 60. */
  readonly period: number;
}

interface Measured {
  readonly times: readonly Date[];
  readonly values: readonly number[];
  readonly complete: true;
}

export interface InstanceMetrics {
  /** Points for each statistic, in their order; one call. */
  ask(question: Question): Promise<Measured[]>;
  close(): void;
}

export function instanceMetrics(region: string): InstanceMetrics {
  const client = new LightsailClient(clientOptions(region));
  return {
    async ask({ instance, metric, unit, statistics, from, to, period }) {
      const call = {
        doing: `read the metrics of ${instance}`,
        action: 'lightsail:GetInstanceMetricData',
        region,
      };
      const { metricData = [] } = await attempt(call, () =>
        client.send(
          new GetInstanceMetricDataCommand({
            instanceName: instance,
            metricName: metric as InstanceMetricName,
            unit: unit as MetricUnit,
            statistics: statistics as MetricStatistic[],
            startTime: from,
            endTime: to,
            period,
          }),
        ),
      );
      return statistics.map((statistic) => {
        const member = statistic.toLowerCase() as Lowercase<typeof statistic>;
        // they come in no order
        const some = metricData.flatMap(({ timestamp, [member]: value }: MetricDatapoint) =>
          timestamp === undefined || value === undefined ? [] : [[timestamp, value] as const],
        );
        return { times: some.map(([time]) => time), values: some.map(([, value]) => value), complete: true };
      });
    },
    close: () => client.destroy(),
  };
}
