import type { GetInstanceMetricDataRequest, IsVpcPeeredRequest } from '@aws-sdk/client-lightsail';
import { type Operations, reads } from '../operation.ts';
import { invalid } from '../refusal.ts';
import { find } from '../resources.ts';
import type { Settings } from '../settings.ts';

/** Units that metrics have; data of another one does not exist. */
const UNITS: Readonly<Record<string, string>> = {
  BurstCapacityPercentage: 'Percent',
  BurstCapacityTime: 'Seconds',
  CPUUtilization: 'Percent',
  NetworkIn: 'Bytes',
  NetworkOut: 'Bytes',
  StatusCheckFailed: 'Count',
  StatusCheckFailed_Instance: 'Count',
  StatusCheckFailed_System: 'Count',
};

/** Points that an answer may have. */
const POINTS = 1440;

/** Metrics, whose values are those of the settings: one sample a period. */
export const metrics = (settings: Settings): Operations => ({
  GetInstanceMetricData: reads<GetInstanceMetricDataRequest>((state, input, context) => {
    find(state, 'Instance', input.instanceName, context);
    const { metricName, period, unit, statistics } = input;
    // times come as numbers
    const [start, end] = [Number(input.startTime), Number(input.endTime)];
    if (period < 60 || period > 86_400 || period % 60 !== 0)
      throw invalid('The period must be a multiple of 60 from 60 to 86400');
    if (start >= end) throw invalid('The start time must be before the end time');
    const count = Math.floor((end - start) / period);
    if (count > POINTS) throw invalid(`The answer would have ${count} data points of ${POINTS} at most`);
    const times =
      unit === UNITS[metricName] ? Array.from({ length: count }, (_, at) => start + at * period) : [];
    return {
      metricName,
      metricData: times.flatMap((timestamp) => {
        const value = settings.sample(input.instanceName!, metricName!, timestamp);
        if (value === undefined) return [];
        const values = { Average: value, Maximum: value, Minimum: value, SampleCount: 1, Sum: value };
        const point = statistics!.map(
          (name) => [name[0]!.toLowerCase() + name.slice(1), values[name]] as const,
        );
        return [{ ...Object.fromEntries(point), timestamp, unit }];
      }),
    };
  }),
  IsVpcPeered: reads<IsVpcPeeredRequest>(({ peered }, _, { region }) => ({
    isPeered: peered.includes(region),
  })),
});
