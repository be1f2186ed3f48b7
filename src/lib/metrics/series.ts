import { dimensionOf, type NetworkBalancer } from './balancer.ts';
import {
  FLOW_METRICS,
  type FlowMetric,
  type Metric,
  NAMESPACE,
  NODE_METRICS,
  type OtherScope,
  type Scope,
  type Statistic,
} from './catalog.ts';
import type { Window } from './window.ts';

/** What is asked of CloudWatch, or of Lightsail for an instance, for one line of a chart. */
export interface Wanted {
  readonly metric: Metric;
  readonly statistic: Statistic;
  readonly scope: Scope | OtherScope;
  /**
   * In CloudWatch's words: LoadBalancer, AvailabilityZone, TargetGroup, AutoScalingGroupName; InstanceName for one of
   * Lightsail.
   */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Asked zone by zone, too: what tells zones apart, or whose fault something is. */
const BY_ZONE = new Set([
  'NewFlowCount',
  'ActiveFlowCount',
  'ProcessedBytes',
  'PortAllocationErrorCount',
  'ZonalHealthStatus',
]);
/** Asked for each target group by itself. */
const BY_GROUP = new Set(['NewFlowCount', 'ActiveFlowCount']);
/** Where the highest says something beside the mean. */
const WITH_MAXIMUM = new Set(['ActiveFlowCount']);

/** All series of a balancer: every metric as a whole, the parts of some by zone and by target group, and its nodes. */
export function seriesOf(balancer: NetworkBalancer): Wanted[] {
  return [...flowSeries(balancer), ...(balancer.nodes ?? []).flatMap(({ name }) => nodeSeries(name))];
}

function nodeSeries(AutoScalingGroupName: string): Wanted[] {
  return NODE_METRICS.flatMap((metric) =>
    metric.statistics.map((statistic): Wanted => ({
      metric,
      statistic,
      scope: 'nodes',
      dimensions: { AutoScalingGroupName },
    })),
  );
}

/** Seconds of a point: nodes may be measured less often than balancers. */
export function periodOf({ sampled = 0 }: Metric, { period }: Pick<Window, 'period'>): number {
  return Math.max(period, sampled);
}

function flowSeries({ arn, zones, groups }: NetworkBalancer): Wanted[] {
  const balancer = { LoadBalancer: dimensionOf(arn) };
  const byZone = zones.map((zone) => ({ ...balancer, AvailabilityZone: zone }));
  const targets = groups.map((group) => ({ TargetGroup: dimensionOf(group.arn) }));
  const all: Readonly<Record<Scope, readonly Readonly<Record<string, string>>[]>> = {
    balancer: [balancer],
    zone: byZone,
    group: targets,
    'balancer-group': targets.map((target) => ({ ...balancer, ...target })),
    'zone-group': targets.flatMap((target) => byZone.map((zone) => ({ ...zone, ...target }))),
  };
  return FLOW_METRICS.flatMap((metric) =>
    metric.scopes
      .filter((scope) => isWanted(metric, scope))
      .flatMap((scope) =>
        statisticsOf(metric, scope).flatMap((statistic) =>
          all[scope].map((dimensions) => ({ metric, statistic, scope, dimensions })),
        ),
      ),
  );
}

function isWanted({ name }: FlowMetric, scope: Scope): boolean {
  if (scope === 'zone') return BY_ZONE.has(name);
  return scope === 'group' ? BY_GROUP.has(name) : true;
}

function statisticsOf({ name, statistics }: FlowMetric, scope: Scope): readonly Statistic[] {
  return scope === 'balancer' && WITH_MAXIMUM.has(name) ? [statistics[0]!, 'Maximum'] : [statistics[0]!];
}

/** Queries that one call takes (GetMetricData). */
const QUERIES = 500;
/** Points that one call brings without a further page. */
const POINTS = 100_800;

/** One query of GetMetricData, in its own words. */
export interface Query {
  Id: string;
  MetricStat: {
    Metric: { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: string }[] };
    /** Seconds. */
    Period: number;
    Stat: string;
  };
}

/**
 * The fewest calls that bring all series: each has as many queries as it may, and no more points than come at once.
 * Queries are named `s0`, `s1`… by their place in the list.
 */
export function callsFor(wanted: readonly Wanted[], window: Window): Query[][] {
  const { from, to, period } = window;
  const points = Math.ceil((to.getTime() - from.getTime()) / 1000 / period);
  const size = Math.max(1, Math.min(QUERIES, Math.floor(POINTS / points)));
  const queries = wanted.map(({ metric, statistic, dimensions }, index): Query => ({
    Id: `s${index}`,
    MetricStat: {
      Metric: {
        Namespace: metric.namespace ?? NAMESPACE,
        MetricName: metric.name,
        Dimensions: Object.entries(dimensions).map(([name, value]) => ({ Name: name, Value: value })),
      },
      Period: periodOf(metric, window),
      Stat: statistic,
    },
  }));
  return Array.from({ length: Math.ceil(queries.length / size) }, (_, index) =>
    queries.slice(index * size, (index + 1) * size),
  );
}
