import type { Statistic } from '../catalog.ts';
import { highest } from '../points.ts';
import type { Sheet } from '../sheet.ts';
import { figuresOf, type Line } from '../summary.ts';
import type { Window } from '../window.ts';
import type { InstanceReadings } from './readings.ts';
import { verdictsOnInstance } from './verdicts.ts';

const LINES: readonly (readonly [metric: string, label: string, statistic?: Statistic])[] = [
  ['CPUUtilization', 'CPU', 'Average'],
  ['CPUUtilization', '  most', 'Maximum'],
  ['BurstCapacityPercentage', 'burst capacity'],
  ['NetworkIn', 'network in'],
  ['NetworkOut', '  out'],
  ['StatusCheckFailed', 'status checks failed'],
];

export function instanceSheet(readings: InstanceReadings, window: Window): Sheet {
  const { instance, series, find } = readings;
  const cpu = find('CPUUtilization', 'Average');
  const some = (
    ...of: readonly (readonly [string, string, Statistic?])[]
  ): Sheet['panels'][number]['lines'] =>
    of.flatMap(([metric, label, statistic]) => {
      const found = find(metric, statistic);
      return found ? [{ label, series: found }] : [];
    });
  return {
    kind: 'instance',
    name: instance.name,
    region: instance.region,
    detail: instance.state,
    series,
    verdicts: verdictsOnInstance(readings),
    lines: LINES.flatMap(([metric, label, statistic]): Line[] => {
      const found = find(metric, statistic);
      // what fails is told, and that nothing does goes without saying
      const isQuiet = metric === 'StatusCheckFailed' && !(found && (highest(found)?.[1] ?? 0) > 0);
      return found && !isQuiet ? [{ label, figures: figuresOf(found, window), series: found }] : [];
    }),
    panels: [
      {
        title: 'CPU',
        unit: 'Percent',
        lines: some(['CPUUtilization', 'mean', 'Average'], ['CPUUtilization', 'most', 'Maximum']),
      },
      { title: 'Burst capacity left', unit: 'Percent', lines: some(['BurstCapacityPercentage', 'least']) },
      { title: 'Network', unit: 'Bytes', lines: some(['NetworkIn', 'in'], ['NetworkOut', 'out']) },
      { title: 'Status checks failed', unit: 'Count', lines: some(['StatusCheckFailed', 'failed']) },
    ],
    main: cpu ? { title: 'CPU', series: cpu } : null,
  };
}
