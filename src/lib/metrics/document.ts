import type { Readings } from './readings.ts';
import { verdictsOn } from './verdicts/judge.ts';

/** One balancer of the JSON form: `{name, arn, series: [{metric, statistic, dimensions, unit, period, points}], verdicts}`. */
export function balancerDocument(readings: Readings, period: number): Readonly<Record<string, unknown>> {
  const { balancer, series } = readings;
  return {
    name: balancer.name,
    arn: balancer.arn,
    series: series.map(({ metric, statistic, dimensions, points }) => ({
      metric: metric.name,
      statistic,
      dimensions,
      unit: metric.unit,
      period,
      points: points.map(([time, value]) => [time.toISOString(), value]),
    })),
    verdicts: verdictsOn(readings),
  };
}
