import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { clientOptions } from './client.ts';
import { attempt, codeOf, withPolicy } from './failure.ts';

/** What Elastic Load Balancing says of an instance in a target group. */
export interface Target {
  readonly instance: string;
  /** `initial`, `healthy`, `unhealthy`, `unhealthy.draining`, `draining`, `unused` or `unavailable`. */
  readonly state: string;
  /** AWS's code, such as `Target.Timeout`; null where it is healthy. */
  readonly reason: string | null;
  readonly description: string | null;
}

/** Calls that are under way at once: AWS throttles whoever asks for many groups in a moment. */
const AT_ONCE = 8;

/** The targets of each of some groups, by their ARNs: a call each. A group that is gone has none. */
export async function targetsOf(groups: readonly string[], region: string): Promise<readonly Target[][]> {
  const client = new ElasticLoadBalancingV2Client(clientOptions(region));
  const call = {
    doing: 'see which nodes get connections',
    action: 'elasticloadbalancing:DescribeTargetHealth',
    region,
  };
  const ask = async (TargetGroupArn: string): Promise<Target[]> => {
    try {
      const { TargetHealthDescriptions: targets = [] } = await attempt(call, () =>
        client.send(new DescribeTargetHealthCommand({ TargetGroupArn })),
      );
      return targets.map(({ Target: target, TargetHealth: health }) => ({
        instance: target!.Id!,
        state: health?.State ?? 'unavailable',
        reason: health?.Reason ?? null,
        description: health?.Description ?? null,
      }));
    } catch (error) {
      if (codeOf(error)?.startsWith('TargetGroupNotFound')) return [];
      throw withPolicy(error);
    }
  };
  try {
    const all: Target[][] = [];
    for (let from = 0; from < groups.length; from += AT_ONCE)
      all.push(...(await Promise.all(groups.slice(from, from + AT_ONCE).map(ask))));
    return all;
  } finally {
    client.destroy();
  }
}
