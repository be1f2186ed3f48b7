import { ACTIONS } from './actions.ts';

/** A policy of IAM, as `aws iam create-policy` takes it. */
interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly object[];
}

/** The least that lbctl must be allowed: to look everywhere, and to change things in the Regions of a balancer. */
export function policyFor(regions: readonly string[]): Policy {
  const named = (actions: readonly string[]): string[] => actions.map((action) => `lightsail:${action}`);
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'LbctlLooks', Effect: 'Allow', Action: named(ACTIONS.reads), Resource: '*' },
      {
        Sid: 'LbctlChanges',
        Effect: 'Allow',
        Action: named(ACTIONS.writes),
        Resource: '*',
        Condition: { StringEquals: { 'aws:RequestedRegion': regions.toSorted() } },
      },
    ],
  };
}
