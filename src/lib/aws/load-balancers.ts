import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { clientOptions } from './client.ts';
import { attempt } from './failure.ts';
import { allPages } from './pages.ts';

/** A Network Load Balancer of a Region. */
export interface FoundBalancer {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly state: string;
  readonly zones: readonly string[];
  readonly groups: readonly { readonly name: string; readonly arn: string }[];
}

/** Entries that one call brings at most. */
const PAGE = 400;

/**
 * All Network Load Balancers of a Region with their target groups: two calls, and one more for each further page.
 * @param region that of the environment or the profile when left out.
 */
export async function networkBalancersIn(region?: string): Promise<FoundBalancer[]> {
  const client = new ElasticLoadBalancingV2Client(clientOptions(region));
  try {
    const balancers = await allPages((Marker) =>
      attempt(
        { doing: 'list load balancers', action: 'elasticloadbalancing:DescribeLoadBalancers', region },
        async () => {
          const page = await client.send(new DescribeLoadBalancersCommand({ Marker, PageSize: PAGE }));
          return { items: page.LoadBalancers, next: page.NextMarker };
        },
      ),
    );
    const network = balancers.filter(({ Type }) => Type === 'network');
    if (network.length === 0) return [];
    const groups = await allPages((Marker) =>
      attempt(
        { doing: 'list target groups', action: 'elasticloadbalancing:DescribeTargetGroups', region },
        async () => {
          const page = await client.send(new DescribeTargetGroupsCommand({ Marker, PageSize: PAGE }));
          return { items: page.TargetGroups, next: page.NextMarker };
        },
      ),
    );
    return network.map(({ LoadBalancerName, LoadBalancerArn, State, AvailabilityZones = [] }) => ({
      name: LoadBalancerName!,
      arn: LoadBalancerArn!,
      region: LoadBalancerArn!.split(':')[3]!,
      state: State?.Code ?? 'active',
      zones: AvailabilityZones.flatMap(({ ZoneName }) => ZoneName ?? []).toSorted(),
      groups: groups
        .filter(({ LoadBalancerArns }) => LoadBalancerArns?.includes(LoadBalancerArn!))
        .map(({ TargetGroupName, TargetGroupArn }) => ({ name: TargetGroupName!, arn: TargetGroupArn! }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    }));
  } finally {
    client.destroy();
  }
}
