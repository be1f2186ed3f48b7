import type { Statistic } from './catalog.ts';
import { highest, latest, lowest, mean, type Series, total } from './points.ts';
import type { Readings } from './readings.ts';
import { periodOf } from './series.ts';
import { valueText } from './units.ts';
import type { Window } from './window.ts';

/** One line about a balancer or an instance: a name for people, its figures, and the series behind them. */
export interface Line {
  readonly label: string;
  readonly figures: string;
  readonly series: Series;
}

/** What is told of a balancer as a whole, in this order; what is told only when it is not nothing is left out then. */
const LINES: readonly (readonly [metric: string, label: string, statistic?: Statistic])[] = [
  ['NewFlowCount', 'new flows'],
  ['NewFlowCount_TCP', '  TCP'],
  ['NewFlowCount_TLS', '  TLS'],
  ['NewFlowCount_UDP', '  UDP'],
  ['NewFlowCount_QUIC', '  QUIC'],
  ['ActiveFlowCount', 'active flows', 'Average'],
  ['ActiveFlowCount_TCP', '  TCP'],
  ['ActiveFlowCount_TLS', '  TLS'],
  ['ActiveFlowCount_UDP', '  UDP'],
  ['ProcessedBytes', 'bytes'],
  ['ProcessedBytes_TCP', '  TCP'],
  ['ProcessedBytes_TLS', '  TLS'],
  ['ProcessedBytes_UDP', '  UDP'],
  ['ProcessedBytes_QUIC', '  QUIC'],
  ['PeakBytesPerSecond', 'peak of 10 s'],
  ['ProcessedPackets', 'packets'],
  ['PeakPacketsPerSecond', 'peak of 10 s'],
  ['ConsumedLCUs', 'capacity (LCU)'],
  ['ReservedLCUs', '  reserved'],
  ['TCP_Client_Reset_Count', 'resets, client'],
  ['TCP_Target_Reset_Count', '  target'],
  ['TCP_ELB_Reset_Count', '  balancer'],
  ['RejectedFlowCount', 'rejected'],
  ['PortAllocationErrorCount', 'no port left'],
  ['ClientTLSNegotiationErrorCount', 'TLS failed, client'],
  ['TargetTLSNegotiationErrorCount', '  target'],
  ['UnhealthyRoutingFlowCount', 'to unhealthy'],
];

/** The lines of a balancer, its target groups last. */
export function linesOf(readings: Readings, window: Window): Line[] {
  const ofBalancer = LINES.flatMap(([metric, label, statistic]): Line[] => {
    const series = readings.find(metric, {}, statistic);
    if (series === undefined || (series.metric.reported === 'nonzero' && total(series) === 0)) return [];
    return [{ label, figures: figuresOf(series, window), series }];
  });
  const ofGroups = readings.balancer.groups.flatMap((group): Line[] => {
    const [healthy, unhealthy] = [
      readings.find('HealthyHostCount', { group }),
      readings.find('UnHealthyHostCount', { group }),
    ];
    return [
      ...(healthy
        ? [{ label: `healthy, ${group.name}`, figures: figuresOf(healthy, window), series: healthy }]
        : []),
      ...(unhealthy
        ? [{ label: '  unhealthy', figures: figuresOf(unhealthy, window), series: unhealthy }]
        : []),
    ];
  });
  return [...ofBalancer, ...ofGroups, ...linesOfNodes(readings, window)];
}

/** What is told of a group of nodes, its name before the first line. */
const NODES: readonly (readonly [metric: string, label: string, statistic?: Statistic])[] = [
  ['CPUUtilization', 'CPU', 'Average'],
  ['CPUUtilization', '  most', 'Maximum'],
  ['NetworkIn', '  network in'],
  ['NetworkOut', '  out'],
  ['StatusCheckFailed', '  status checks failed'],
  ['GroupInServiceInstances', '  in service'],
];

function linesOfNodes({ balancer, ofNodes }: Readings, window: Window): Line[] {
  return (balancer.nodes ?? []).flatMap(({ name }) =>
    NODES.flatMap(([metric, label, statistic]): Line[] => {
      const series = ofNodes(name, metric, statistic);
      const top = series && highest(series)?.[1];
      // what fails is told; whether Auto Scaling tells of a group is its own choice
      const isQuiet =
        (metric === 'StatusCheckFailed' && !top) ||
        (metric === 'GroupInServiceInstances' && top === undefined);
      if (series === undefined || isQuiet) return [];
      const shown = label === 'CPU' ? `CPU, ${name}` : label;
      return [{ label: shown, figures: figuresOf(series, window), series }];
    }),
  );
}

/** The figures of a series by its statistic, such as `14,820, most 140 in 1m`. */
export function figuresOf(series: Series, window: Window): string {
  const text = (value: number): string => valueText(value, series.metric.unit);
  const top = highest(series);
  if (top === undefined) return 'none';
  switch (series.statistic) {
    case 'Sum': {
      const sum = total(series);
      return sum === 0 ? '0' : `${text(sum)}, ${rate(sum, series, periodOf(series.metric, window))}`;
    }
    case 'Average':
      return `mean ${text(mean(series)!)}, now ${text(latest(series)!)}`;
    case 'Maximum':
      return `most ${text(top[1]!)}, now ${text(latest(series)!)}`;
    case 'Minimum':
      return `now ${text(latest(series)!)}, least ${text(lowest(series)![1]!)}`;
  }
}

/** `1.4/s`, over the points that were measured. */
function rate(sum: number, { points, metric }: Series, period: number): string {
  const seconds = points.filter(([, value]) => value !== null).length * period;
  const each = sum / seconds;
  return metric.unit === 'Bytes'
    ? `${valueText(each, 'Bytes')}/s`
    : `${each >= 0.05 ? each.toFixed(1) : '<0.1'}/s`;
}
