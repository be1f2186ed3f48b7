import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetInstancesCommand, LightsailClient } from '@aws-sdk/client-lightsail';
import { ListHostedZonesByNameCommand, Route53Client } from '@aws-sdk/client-route-53';
import { UserError } from '../errors.ts';
import { clientOptions } from './client.ts';
import { attempt } from './failure.ts';
import { allPages } from './pages.ts';

/** What an account has that a balancer may be put to use with, as far as it is told in time. */
export interface Inventory {
  /** Names of the instances of Lightsail that run. */
  readonly instances: readonly string[];
  /** Public hosted zones, without the dot at their end. */
  readonly zones: readonly { readonly id: string; readonly name: string }[];
  /** Names of Network Load Balancers. */
  readonly balancers: readonly string[];
  /** Why something is not told; undefined where all is. */
  readonly trouble: UserError | undefined;
}

/**
 * Lists what is there, each kind by itself: one that may not be seen does not hide the others. Nothing is asked twice, as
 * somebody waits who can do without.
 * @param patience milliseconds behind which what has not been told is left out.
 */
export async function inventoryIn(region: string, patience: number): Promise<Inventory> {
  const options = { ...clientOptions(region), maxAttempts: 1 };
  const [lightsail, route53, balancing] = [
    new LightsailClient(options),
    // it is one for all Regions
    new Route53Client({ ...options, region: 'us-east-1' }),
    new ElasticLoadBalancingV2Client(options),
  ];
  const within = { abortSignal: AbortSignal.timeout(patience) };
  let trouble: UserError | undefined;
  const some = async <Item>(
    doing: string,
    action: string,
    fetch: Parameters<typeof allPages<Item>>[0],
  ): Promise<Item[]> => {
    try {
      return await inTime(patience, () => attempt({ doing, action, region }, () => allPages(fetch)));
    } catch (error) {
      trouble ??= error instanceof UserError ? error : slow(doing, region);
      return [];
    }
  };
  try {
    const [instances, zones, balancers] = await Promise.all([
      some('list the instances of Lightsail', 'lightsail:GetInstances', async (pageToken) => {
        const page = await lightsail.send(new GetInstancesCommand({ pageToken }), within);
        return { items: page.instances, next: page.nextPageToken };
      }),
      some('list hosted zones', 'route53:ListHostedZonesByName', async (DNSName) => {
        const page = await route53.send(new ListHostedZonesByNameCommand({ DNSName }), within);
        return { items: page.HostedZones, next: page.IsTruncated ? page.NextDNSName : undefined };
      }),
      some('list load balancers', 'elasticloadbalancing:DescribeLoadBalancers', async (Marker) => {
        const page = await balancing.send(new DescribeLoadBalancersCommand({ Marker }), within);
        return { items: page.LoadBalancers, next: page.NextMarker };
      }),
    ]);
    return {
      instances: instances.filter(({ state }) => state?.name === 'running').map(({ name = '' }) => name),
      zones: zones
        .filter(({ Config }) => Config?.PrivateZone !== true)
        .map(({ Id = '', Name = '' }) => ({
          id: Id.replace('/hostedzone/', ''),
          name: Name.replace(/\.$/u, ''),
        })),
      balancers: balancers
        .filter(({ Type }) => Type === 'network')
        .map(({ LoadBalancerName = '' }) => LoadBalancerName),
      trouble,
    };
  } finally {
    for (const client of [lightsail, route53, balancing]) client.destroy();
  }
}

/** Looking for credentials, which may ask a machine that does not answer, is not ended by the signal of a call. */
async function inTime<Result>(patience: number, work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('too slow')), patience);
  });
  try {
    return await Promise.race([work(), end]);
  } finally {
    clearTimeout(timer);
  }
}

function slow(doing: string, region: string): UserError {
  return new UserError('failed', 'too-slow', `cannot ${doing} in ${region}: AWS does not answer in time`);
}
