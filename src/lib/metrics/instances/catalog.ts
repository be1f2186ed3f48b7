import type { Metric, Statistic } from '../catalog.ts';

const metric = (name: string, unit: Metric['unit'], ...statistics: Statistic[]): Metric => ({
  name,
  statistics,
  unit,
  reported: 'always',
});

/**
 * What is read of an instance of Lightsail, a call each. Status checks come once a minute, all else once in five
 * ("GetInstanceMetricData"); Lightsail answers with nothing when it is asked for in another unit.
 */
export const INSTANCE_METRICS: readonly Metric[] = [
  metric('CPUUtilization', 'Percent', 'Average', 'Maximum'),
  metric('BurstCapacityPercentage', 'Percent', 'Minimum'),
  metric('NetworkIn', 'Bytes', 'Sum'),
  metric('NetworkOut', 'Bytes', 'Sum'),
  metric('StatusCheckFailed', 'Count', 'Maximum'),
];
