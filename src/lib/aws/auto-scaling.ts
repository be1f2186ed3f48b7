import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { UserError } from '../errors.ts';
import { clientOptions } from './client.ts';
import { attempt } from './failure.ts';
import { allPages } from './pages.ts';

/** A group of Auto Scaling that registers its instances somewhere. */
interface FoundGroup {
  readonly name: string;
  readonly desired: number;
  readonly inService: number;
  readonly tags: Readonly<Record<string, string>>;
  /** ARNs of target groups. */
  readonly targetGroups: readonly string[];
}

/** Groups that one page brings at most. */
const PAGE = 100;

/** All groups of a Region that are registered in target groups: one call, and one more for each further page. */
export async function registeredGroupsIn(region: string): Promise<FoundGroup[]> {
  const client = new AutoScalingClient(clientOptions(region));
  const call = { doing: 'list Auto Scaling groups', action: 'autoscaling:DescribeAutoScalingGroups', region };
  try {
    const groups = await allPages((NextToken) =>
      attempt(call, async () => {
        const page = await client.send(new DescribeAutoScalingGroupsCommand({ NextToken, MaxRecords: PAGE }));
        return { items: page.AutoScalingGroups, next: page.NextToken };
      }),
    );
    return groups
      .map(({ AutoScalingGroupName, DesiredCapacity, Instances, Tags, TargetGroupARNs, TrafficSources }) => ({
        name: AutoScalingGroupName!,
        desired: DesiredCapacity ?? 0,
        inService: (Instances ?? []).filter(({ LifecycleState }) => LifecycleState === 'InService').length,
        tags: Object.fromEntries((Tags ?? []).map(({ Key, Value }) => [Key!, Value ?? ''])),
        // the same ones, unless they were attached as traffic sources
        targetGroups: [
          ...new Set([
            ...(TargetGroupARNs ?? []),
            ...(TrafficSources ?? []).flatMap(({ Identifier, Type }) =>
              Type === 'elbv2' && Identifier !== undefined ? [Identifier] : [],
            ),
          ]),
        ],
      }))
      .filter(({ targetGroups }) => targetGroups.length > 0);
  } finally {
    client.destroy();
  }
}

/** An instance of an Auto Scaling group. */
interface GroupInstance {
  readonly id: string;
  readonly zone: string;
  readonly type: string;
  /** Of its lifecycle, such as `Pending:Wait`, `InService` and `Terminating`. */
  readonly state: string;
  readonly healthy: boolean;
}

/**
 * The instances of a group, by their zones.
 * @throws UserError `failed` where there is no such group.
 */
export async function instancesOf(group: string, region: string): Promise<GroupInstance[]> {
  const client = new AutoScalingClient(clientOptions(region));
  try {
    const { AutoScalingGroups = [] } = await attempt(
      {
        doing: `see the instances of the group ${group}`,
        action: 'autoscaling:DescribeAutoScalingGroups',
        region,
      },
      () => client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] })),
    );
    const [found] = AutoScalingGroups;
    if (found === undefined)
      throw new UserError('failed', 'no-group', `there is no Auto Scaling group ${group} in ${region}`, {
        hint: 'lbctl up makes it again',
      });
    return (found.Instances ?? [])
      .map(({ InstanceId, AvailabilityZone, InstanceType, LifecycleState, HealthStatus }) => ({
        id: InstanceId!,
        zone: AvailabilityZone!,
        type: InstanceType ?? '',
        state: LifecycleState!,
        healthy: HealthStatus === 'Healthy',
      }))
      .toSorted((a, b) => (`${a.zone} ${a.id}` < `${b.zone} ${b.id}` ? -1 : 1));
  } finally {
    client.destroy();
  }
}
