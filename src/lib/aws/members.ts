import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { clientOptions } from './client.ts';
import { attempt } from './failure.ts';
import { homeRegionOf } from './home-region.ts';
import { allPages } from './pages.ts';

/** An instance of an Auto Scaling group, as far as it may be a server. */
export interface Member {
  readonly id: string;
  /** Of its lifecycle, such as `Pending:Wait`, `InService` and `Terminating`. */
  readonly state: string;
  readonly address: string | null;
}

/** Names that one filter takes at most ("Filtering using the CLI" of EC2), and groups that one call does. */
const MOST = 100;
/** Instances of a page: the most that there can be. */
const PAGE = 1000;
/** Tag that Auto Scaling gives its instances. */
const GROUP_TAG = 'aws:autoscaling:groupName';

const action = 'autoscaling:DescribeAutoScalingGroups';

/** The Region of the environment or the profile, for Auto Scaling; nobody is called. */
export function homeRegion(): Promise<string> {
  return homeRegionOf(new AutoScalingClient(clientOptions()), {
    doing: 'look for Auto Scaling groups',
    action,
  });
}

/**
 * The instances of groups, by the names of these: two calls for a hundred groups, and one more for each further page.
 * Groups that are not there are left out.
 */
export async function membersOf(
  groups: readonly string[],
  region: string,
): Promise<ReadonlyMap<string, readonly Member[]>> {
  const [scaling, ec2] = [new AutoScalingClient(clientOptions(region)), new EC2Client(clientOptions(region))];
  const found = new Map<string, readonly Member[]>();
  try {
    for (let from = 0; from < groups.length; from += MOST) {
      const names = groups.slice(from, from + MOST);
      const [there, addresses] = await Promise.all([
        groupsIn(scaling, names, region),
        addressesIn(ec2, names, region),
      ]);
      for (const { AutoScalingGroupName: name, Instances = [] } of there)
        found.set(
          name!,
          Instances.map(({ InstanceId: id, LifecycleState: state }) => ({
            id: id!,
            state: state!,
            address: addresses.get(id!) ?? null,
          })),
        );
    }
    return found;
  } finally {
    scaling.destroy();
    ec2.destroy();
  }
}

function groupsIn(client: AutoScalingClient, names: readonly string[], region: string) {
  return allPages((NextToken) =>
    attempt({ doing: 'look for Auto Scaling groups', action, region }, async () => {
      const page = await client.send(
        new DescribeAutoScalingGroupsCommand({
          AutoScalingGroupNames: [...names],
          NextToken,
          MaxRecords: MOST,
        }),
      );
      return { items: page.AutoScalingGroups, next: page.NextToken };
    }),
  );
}

/** Private addresses by instance; by the tag of their group, as asking for an instance that has just gone would fail. */
async function addressesIn(
  client: EC2Client,
  names: readonly string[],
  region: string,
): Promise<ReadonlyMap<string, string>> {
  const call = {
    doing: 'look for the instances of Auto Scaling groups',
    action: 'ec2:DescribeInstances',
    region,
  };
  const Filters = [{ Name: `tag:${GROUP_TAG}`, Values: [...names] }];
  const reservations = await allPages((NextToken) =>
    attempt(call, async () => {
      const page = await client.send(new DescribeInstancesCommand({ Filters, NextToken, MaxResults: PAGE }));
      return { items: page.Reservations, next: page.NextToken };
    }),
  );
  const instances = reservations.flatMap(({ Instances = [] }) => Instances);
  return new Map(
    instances.flatMap(({ InstanceId: id, PrivateIpAddress: address }) =>
      id === undefined || address === undefined ? [] : [[id, address] as const],
    ),
  );
}
