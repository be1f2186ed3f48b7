import type { Metric, Statistic } from '../catalog.ts';
import { type Series, total } from '../points.ts';
import type { Readings } from '../readings.ts';

/** One chart: series that share a unit and a subject. */
export interface Panel {
  readonly title: string;
  readonly unit: Metric['unit'];
  readonly lines: readonly { readonly label: string; readonly series: Series }[];
}

interface Spec {
  readonly title: string;
  readonly of: readonly (readonly [metric: string, label: string])[];
}

const SPECS: readonly Spec[] = [
  {
    title: 'New flows',
    of: [
      ['NewFlowCount', 'all'],
      ['NewFlowCount_TCP', 'TCP'],
      ['NewFlowCount_TLS', 'TLS'],
      ['NewFlowCount_UDP', 'UDP'],
      ['NewFlowCount_QUIC', 'QUIC'],
    ],
  },
  {
    title: 'Active flows (mean)',
    of: [
      ['ActiveFlowCount', 'all'],
      ['ActiveFlowCount_TCP', 'TCP'],
      ['ActiveFlowCount_TLS', 'TLS'],
      ['ActiveFlowCount_UDP', 'UDP'],
    ],
  },
  {
    title: 'Bytes',
    of: [
      ['ProcessedBytes', 'all'],
      ['ProcessedBytes_TCP', 'TCP'],
      ['ProcessedBytes_TLS', 'TLS'],
      ['ProcessedBytes_UDP', 'UDP'],
      ['ProcessedBytes_QUIC', 'QUIC'],
    ],
  },
  {
    title: 'Resets',
    of: [
      ['TCP_Client_Reset_Count', 'by clients'],
      ['TCP_Target_Reset_Count', 'by targets'],
      ['TCP_ELB_Reset_Count', 'by the balancer'],
    ],
  },
  {
    title: 'Refused and failed',
    of: [
      ['RejectedFlowCount', 'rejected'],
      ['PortAllocationErrorCount', 'no port left'],
      ['ClientTLSNegotiationErrorCount', 'TLS, client'],
      ['TargetTLSNegotiationErrorCount', 'TLS, target'],
      ['UnhealthyRoutingFlowCount', 'to unhealthy targets'],
    ],
  },
  {
    title: 'Capacity units',
    of: [
      ['ConsumedLCUs', 'consumed'],
      ['ReservedLCUs', 'reserved'],
    ],
  },
];

/** The charts of a balancer; of a protocol that nobody speaks there is no line. */
export function panelsOf({ balancer, find, ofNodes }: Readings): Panel[] {
  const whole = SPECS.map(({ title, of }) => {
    const lines = of.flatMap(([metric, label]) => {
      const series = find(metric);
      const isTold = series !== undefined && (series.metric.reported === 'always' || total(series) > 0);
      return isTold ? [{ label, series }] : [];
    });
    return { title, unit: lines[0]?.series.metric.unit ?? 'Count', lines };
  });
  const zones = balancer.zones.flatMap((zone) => {
    const series = find('NewFlowCount', { zone });
    return series ? [{ label: zone, series }] : [];
  });
  const targets = balancer.groups.map((group) => ({
    title: `Targets of ${group.name}`,
    unit: 'Count' as const,
    lines: (['HealthyHostCount', 'UnHealthyHostCount'] as const).flatMap((metric) => {
      const series = find(metric, { group });
      return series ? [{ label: metric === 'HealthyHostCount' ? 'healthy' : 'unhealthy', series }] : [];
    }),
  }));
  const nodes = (balancer.nodes ?? []).flatMap(({ name }): Panel[] => {
    const some = (...of: readonly (readonly [string, string, Statistic])[]): Panel['lines'] =>
      of.flatMap(([metric, label, statistic]) => {
        const series = ofNodes(name, metric, statistic);
        return series ? [{ label, series }] : [];
      });
    return [
      {
        title: `CPU of ${name}`,
        unit: 'Percent',
        lines: some(['CPUUtilization', 'mean', 'Average'], ['CPUUtilization', 'most', 'Maximum']),
      },
      {
        title: `Network of ${name}`,
        unit: 'Bytes',
        lines: some(['NetworkIn', 'in', 'Sum'], ['NetworkOut', 'out', 'Sum']),
      },
    ];
  });
  const byZone: Panel = { title: 'New flows by zone', unit: 'Count', lines: zones };
  return [...whole, byZone, ...targets, ...nodes].filter(({ lines }) => lines.length > 0);
}
