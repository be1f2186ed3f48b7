import { NAMESPACE } from '../catalog.ts';
import type { Series } from '../points.ts';
import { periodOf } from '../series.ts';
import type { Sheet } from '../sheet.ts';

/**
 * The last value of each series in Prometheus's text format, as gauges: a sum is that of one period. Series without a
 * value are left out, and so are times, which the textfile collector of node exporter does not take.
 */
export function prometheus(all: readonly Sheet[], period: number): string {
  const families = new Map<string, { help: string; samples: string[] }>();
  for (const { kind, name: subject, region, series } of all) {
    for (const one of series) {
      const last = one.points.findLast(([, value]) => value !== null);
      if (last === undefined) continue;
      const name = nameOf(one);
      const family = families.get(name) ?? { help: helpOf(one, period), samples: [] };
      // an instance is no target of Prometheus, whose label it would take
      const label = kind === 'instance' ? 'lightsail_instance' : 'load_balancer';
      family.samples.push(sample(name, { [label]: subject, region }, one, last[1]!));
      families.set(name, family);
    }
  }
  return [...families]
    .map(([name, { help, samples }]) =>
      [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples, ''].join('\n'),
    )
    .join('');
}

/** Parts have names of their own, so that sums over a name count nothing twice. */
const PREFIXES: Readonly<Record<Series['scope'], string>> = {
  balancer: 'nlb_',
  zone: 'nlb_zone_',
  group: 'nlb_group_',
  'balancer-group': 'nlb_group_',
  'zone-group': 'nlb_zone_group_',
  nodes: 'nlb_nodes_',
  instance: 'lightsail_',
};

/** `nlb_new_flow_count_tcp_sum`: snake case, with the statistic at its end. */
function nameOf({ metric, statistic, scope }: Series): string {
  const words = metric.name
    .replace('UnHealthy', 'Unhealthy')
    .replace('LCUs', '_lcus')
    .replace('CPUU', 'CpuU')
    .replaceAll(/([a-z\d])([A-Z])/gu, '$1_$2')
    .toLowerCase();
  return `${PREFIXES[scope]}${words}_${statistic.toLowerCase()}`;
}

function helpOf({ metric, statistic, scope }: Series, period: number): string {
  const source = scope === 'instance' ? 'Lightsail' : (metric.namespace ?? NAMESPACE);
  return `${metric.name} of ${source}, ${statistic} of ${periodOf(metric, { period })} s (${metric.unit})`;
}

function sample(
  name: string,
  common: Readonly<Record<string, string>>,
  { dimensions }: Series,
  value: number,
): string {
  const labels = {
    ...common,
    ...(dimensions['AvailabilityZone'] ? { zone: dimensions['AvailabilityZone'] } : {}),
    ...(dimensions['TargetGroup'] ? { target_group: dimensions['TargetGroup'].split('/')[1]! } : {}),
    ...(dimensions['AutoScalingGroupName'] ? { auto_scaling_group: dimensions['AutoScalingGroupName'] } : {}),
  };
  const told = Object.entries(labels).map(([key, text]) => `${key}="${text.replaceAll(/[\\"]/gu, '\\$&')}"`);
  return `${name}{${told.join(',')}} ${value}`;
}
