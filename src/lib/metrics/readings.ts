import { dimensionOf, type NetworkBalancer, type TargetGroup } from './balancer.ts';
import type { Statistic } from './catalog.ts';
import { type Series, total } from './points.ts';

/** The series of one balancer, found by what they are about. */
export interface Readings {
  readonly balancer: NetworkBalancer;
  readonly series: readonly Series[];
  /** The whole balancer's, or that of a zone, a target group, or a group in a zone; undefined where there is none. */
  find(metric: string, part?: Part, statistic?: Statistic): Series | undefined;
  /** That of a group of nodes. */
  ofNodes(group: string, metric: string, statistic?: Statistic): Series | undefined;
  /** Sum over the window; 0 where there is none. */
  total(metric: string, part?: Part): number;
}

interface Part {
  readonly zone?: string;
  readonly group?: TargetGroup;
}

/** @param series all of `seriesOf(balancer)`, with their points. */
export function readingsOf(balancer: NetworkBalancer, series: readonly Series[]): Readings {
  const find: Readings['find'] = (metric, { zone, group } = {}, statistic) =>
    series.find(
      (one) =>
        one.metric.name === metric &&
        one.dimensions['AvailabilityZone'] === zone &&
        one.dimensions['TargetGroup'] === (group && dimensionOf(group.arn)) &&
        (statistic === undefined || one.statistic === statistic),
    );
  return {
    balancer,
    series,
    find,
    ofNodes: (group, metric, statistic) =>
      series.find(
        (one) =>
          one.metric.name === metric &&
          one.dimensions['AutoScalingGroupName'] === group &&
          (statistic === undefined || one.statistic === statistic),
      ),
    total(metric, part) {
      const found = find(metric, part);
      return found ? total(found) : 0;
    },
  };
}
