/** A Network Load Balancer, as far as its metrics go. */
export interface NetworkBalancer {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** As Elastic Load Balancing tells it, such as `active`. */
  readonly state: string;
  /** Availability Zones that it serves, sorted. */
  readonly zones: readonly string[];
  readonly groups: readonly TargetGroup[];
  /** Auto Scaling groups that register their instances in its target groups; none where they could not be listed. */
  readonly nodes?: readonly NodeGroup[];
}

/** A group of Auto Scaling: the nodes behind a balancer. */
export interface NodeGroup {
  readonly name: string;
  /** Instances that there should be. */
  readonly desired: number;
  /** Instances that are `InService`. */
  readonly inService: number;
}

export interface TargetGroup {
  readonly name: string;
  readonly arn: string;
}

/** What CloudWatch calls it: `net/NAME/ID` for a balancer, `targetgroup/NAME/ID` for a group. */
export function dimensionOf(arn: string): string {
  const resource = arn.split(':').slice(5).join(':');
  return resource.replace(/^loadbalancer\//u, '');
}
