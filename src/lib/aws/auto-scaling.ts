import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
} from '@aws-sdk/client-auto-scaling';
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

/** A group, as it is and should be. */
interface SizedGroup {
  /** Instances that it should have in service. */
  readonly desired: number;
  /** By their zones. */
  readonly instances: readonly GroupInstance[];
}

/** @throws UserError `failed` where there is no such group. */
export async function groupNamed(group: string, region: string): Promise<SizedGroup> {
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
    const instances = (found.Instances ?? [])
      .map(({ InstanceId, AvailabilityZone, InstanceType, LifecycleState, HealthStatus }) => ({
        id: InstanceId!,
        zone: AvailabilityZone!,
        type: InstanceType ?? '',
        state: LifecycleState!,
        healthy: HealthStatus === 'Healthy',
      }))
      .toSorted((a, b) => (`${a.zone} ${a.id}` < `${b.zone} ${b.id}` ? -1 : 1));
    return { desired: found.DesiredCapacity ?? 0, instances };
  } finally {
    client.destroy();
  }
}

/** The instances of a group; see `groupNamed`. */
export async function instancesOf(group: string, region: string): Promise<readonly GroupInstance[]> {
  return (await groupNamed(group, region)).instances;
}

/** A launch that came to nothing. */
export interface FailedLaunch {
  readonly id: string;
  /** None where it did not come to one. */
  readonly instance: string | null;
  /** In AWS's words. */
  readonly reason: string;
}

/** Activities that are looked at, the newest: a group tries again and again. */
const ACTIVITIES = 20;

/** Launches that have failed since the last one that went well, the newest first; what is under way is left out. */
export async function failedLaunches(group: string, region: string): Promise<FailedLaunch[]> {
  const client = new AutoScalingClient(clientOptions(region));
  const call = {
    doing: `see what the group ${group} has done`,
    action: 'autoscaling:DescribeScalingActivities',
    region,
  };
  try {
    const { Activities = [] } = await attempt(call, () =>
      client.send(
        new DescribeScalingActivitiesCommand({ AutoScalingGroupName: group, MaxRecords: ACTIVITIES }),
      ),
    );
    const ended = Activities.filter(
      ({ StatusCode, Description = '' }) =>
        Description.startsWith('Launching') && /^(?:Successful|Failed|Cancelled)$/u.test(StatusCode ?? ''),
    );
    const good = ended.findIndex(({ StatusCode }) => StatusCode === 'Successful');
    return ended
      .slice(0, good === -1 ? ended.length : good)
      .map(({ ActivityId, Description, StatusMessage }) => ({
        id: ActivityId!,
        instance: /\bi-[0-9a-f]+/u.exec(Description ?? '')?.[0] ?? null,
        reason: StatusMessage ?? 'no reason is given',
      }));
  } finally {
    client.destroy();
  }
}
