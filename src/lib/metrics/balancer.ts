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
