import type { NetworkBalancer } from './balancer.ts';
import { periodOf } from './series.ts';
import type { Sheet } from './sheet.ts';

/** One balancer of the JSON form: `{name, arn, series: [{metric, statistic, dimensions, unit, period, points}], verdicts}`. */
export function balancerDocument(
  { arn }: NetworkBalancer,
  sheet: Sheet,
  period: number,
): Readonly<Record<string, unknown>> {
  return { name: sheet.name, arn, ...measured(sheet, period) };
}

/** One instance of the JSON form: as that of a balancer, with its Region for the ARN. */
export function instanceDocument(sheet: Sheet, period: number): Readonly<Record<string, unknown>> {
  return { name: sheet.name, region: sheet.region, ...measured(sheet, period) };
}

function measured({ series, verdicts }: Sheet, period: number): Readonly<Record<string, unknown>> {
  return {
    series: series.map(({ metric, statistic, dimensions, points }) => ({
      metric: metric.name,
      statistic,
      dimensions,
      unit: metric.unit,
      period: periodOf(metric, { period }),
      points: points.map(([time, value]) => [time.toISOString(), value]),
    })),
    verdicts,
  };
}
