import type { Balancer } from '../../balancer/schema/balancer.ts';
import { findActions } from '../../discovery/actions.ts';
import { inDefaultVpc } from '../../discovery/default-vpc.ts';
import { LOCKDOWN_ACTIONS } from '../../lockdown/permissions.ts';
import { ACTIONS } from './actions.ts';

/** A policy of IAM, as `aws iam create-policy` takes it. */
interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: 'Allow';
    readonly Action: readonly string[];
    readonly Resource: '*';
    readonly Condition?: { readonly StringEquals: Readonly<Record<string, readonly string[]>> };
  }[];
}

/**
 * The least that lbctl must be allowed: to look everywhere, and to change things in the Regions of a balancer and, where
 * its servers are kept closed, in those of its servers.
 */
export function policyFor(balancer: Balancer, own: readonly string[]): Policy {
  const { lockdown, upstreams } = balancer;
  const peering = inDefaultVpc(balancer).length > 0 ? ['IsVpcPeered'] : [];
  const more = lockdown ? LOCKDOWN_ACTIONS : { reads: [], writes: [] };
  const named = (...actions: readonly string[]): string[] =>
    [...new Set(actions)].map((action) => `lightsail:${action}`);
  const servers = Object.values(upstreams).flatMap(({ discover }) => discover?.lightsail?.region ?? []);
  const regions = [...new Set([...own, ...(lockdown ? servers : [])])];
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'LbctlLooks',
        Effect: 'Allow',
        Action: [
          ...new Set([...named(...ACTIONS.reads, ...more.reads, ...peering), ...findActions(balancer)]),
        ],
        Resource: '*',
      },
      {
        Sid: 'LbctlChanges',
        Effect: 'Allow',
        Action: named(...ACTIONS.writes, ...more.writes),
        Resource: '*',
        Condition: { StringEquals: { 'aws:RequestedRegion': regions.toSorted() } },
      },
    ],
  };
}
