import { INSTANCE_METRICS } from '../../../../src/lib/metrics/instances/catalog.ts';
import {
  type InstanceReadings,
  instanceReadings,
  type MeasuredInstance,
} from '../../../../src/lib/metrics/instances/readings.ts';
import { LIGHTSAIL, windowOf } from '../../../../src/lib/metrics/window.ts';
import { NOW } from '../readings.ts';

export const HALF_DAY = windowOf({ since: '12h' }, NOW, LIGHTSAIL);

/** Of each five minutes; undefined for those without a sample. */
type Value = (step: number) => number | undefined;

const CALM: Readonly<Record<string, Value>> = {
  CPUUtilization: () => 4,
  BurstCapacityPercentage: () => 100,
  NetworkIn: (step) => 1_000_000 + 10_000 * (step % 9),
  NetworkOut: () => 5_000_000,
  StatusCheckFailed: () => 0,
};

/** What an instance tells in half a day; metrics that are not named are as in a calm one. */
export function instance(
  values: Readonly<Record<string, Value>> = {},
  more: Partial<MeasuredInstance> = {},
): InstanceReadings {
  const all = { ...CALM, ...values };
  const answers = INSTANCE_METRICS.map((metric) => {
    const samples = Array.from({ length: 144 }, (_, step) => step).flatMap((step) => {
      const value = all[metric.name]!(step);
      return value === undefined
        ? []
        : [[new Date(HALF_DAY.from.getTime() + step * 300_000), value] as const];
    });
    const answer = {
      times: samples.map(([time]) => time),
      values: samples.map(([, value]) => value),
      complete: true,
    };
    return metric.statistics.map(() => answer);
  });
  return instanceReadings(
    { name: 'shop-1', region: 'eu-west-1', state: 'running', ...more },
    answers,
    HALF_DAY,
    NOW,
  );
}
