import type { Sheet } from '../sheet.ts';

const HEADS: Readonly<Record<Sheet['kind'], string>> = {
  balancer:
    'time,load_balancer,metric,statistic,unit,availability_zone,target_group,value,auto_scaling_group',
  instance: 'time,instance,metric,statistic,unit,region,value',
};

/** A line a point, with a head; a value that was not measured is empty. Times are UTC. All are of one kind. */
export function csv(all: readonly Sheet[]): string {
  const lines = all.flatMap(({ kind, name, region, series }) =>
    series.flatMap(({ metric, statistic, dimensions, points }) =>
      points.map(([time, value]) =>
        [
          time.toISOString(),
          name,
          metric.name,
          statistic,
          metric.unit,
          ...(kind === 'instance'
            ? [region]
            : [dimensions['AvailabilityZone'] ?? '', dimensions['TargetGroup'] ?? '']),
          value === null ? '' : String(value),
          // behind the value, as it came later
          ...(kind === 'instance' ? [] : [dimensions['AutoScalingGroupName'] ?? '']),
        ].join(','),
      ),
    ),
  );
  return `${[HEADS[all[0]!.kind], ...lines].join('\n')}\n`;
}
