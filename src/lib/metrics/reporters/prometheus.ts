import type { Series } from '../points.ts';
import type { Readings } from '../readings.ts';

/**
 * The last value of each series in Prometheus's text format, as gauges: a sum is that of one period. Series without a
 * value are left out, and so are times, which the textfile collector of node exporter does not take.
 */
export function prometheus(all: readonly Readings[], period: number): string {
  const families = new Map<string, { help: string; samples: string[] }>();
  for (const { balancer, series } of all) {
    for (const one of series) {
      const last = one.points.findLast(([, value]) => value !== null);
      if (last === undefined) continue;
      const name = nameOf(one);
      const family = families.get(name) ?? { help: helpOf(one, period), samples: [] };
      family.samples.push(
        sample(name, { load_balancer: balancer.name, region: balancer.region }, one, last[1]!),
      );
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
const PARTS: Readonly<Record<Series['scope'], string>> = {
  balancer: '',
  zone: 'zone_',
  group: 'group_',
  'balancer-group': 'group_',
  'zone-group': 'zone_group_',
};

/** `nlb_new_flow_count_tcp_sum`: snake case, with the statistic at its end. */
function nameOf({ metric, statistic, scope }: Series): string {
  const words = metric.name
    .replace('UnHealthy', 'Unhealthy')
    .replace('LCUs', '_lcus')
    .replaceAll(/([a-z\d])([A-Z])/gu, '$1_$2')
    .toLowerCase();
  return `nlb_${PARTS[scope]}${words}_${statistic.toLowerCase()}`;
}

function helpOf({ metric, statistic }: Series, period: number): string {
  return `${metric.name} of AWS/NetworkELB, ${statistic} of ${period} s (${metric.unit})`;
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
  };
  const told = Object.entries(labels).map(([key, text]) => `${key}="${text.replaceAll(/[\\"]/gu, '\\$&')}"`);
  return `${name}{${told.join(',')}} ${value}`;
}
