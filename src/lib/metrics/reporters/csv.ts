import type { Readings } from '../readings.ts';

const HEAD = 'time,load_balancer,metric,statistic,unit,availability_zone,target_group,value';

/** A line a point, with a head; a value that was not measured is empty. Times are UTC. */
export function csv(all: readonly Readings[]): string {
  const lines = all.flatMap(({ balancer, series }) =>
    series.flatMap(({ metric, statistic, dimensions, points }) =>
      points.map(([time, value]) =>
        [
          time.toISOString(),
          balancer.name,
          metric.name,
          statistic,
          metric.unit,
          dimensions['AvailabilityZone'] ?? '',
          dimensions['TargetGroup'] ?? '',
          value === null ? '' : String(value),
        ].join(','),
      ),
    ),
  );
  return `${[HEAD, ...lines].join('\n')}\n`;
}
