import type { Readings } from '../readings.ts';
import { nodes } from './nodes.ts';
import { refused } from './refused.ts';
import { resets } from './resets.ts';
import { targets } from './targets.ts';
import { type Judge, type Verdict, worstFirst } from './verdict.ts';
import { zones } from './zones.ts';

const traffic: Judge = ({ balancer, total, series }) => [
  ...(balancer.state === 'active'
    ? []
    : [
        {
          subject: 'state',
          level: 'warning',
          party: 'balancer',
          message: `the balancer is ${balancer.state}`,
          hint: `aws elbv2 describe-load-balancers --load-balancer-arns ${balancer.arn}`,
        } as const,
      ]),
  ...(total('NewFlowCount') > 0
    ? []
    : [
        {
          subject: 'traffic',
          level: 'info',
          party: null,
          message: 'no new flow in this time',
          hint: 'a longer one may tell more: --since 1d',
        } as const,
      ]),
  ...(series.every(({ complete }) => complete)
    ? []
    : [
        {
          subject: 'data',
          level: 'info',
          party: null,
          message: 'CloudWatch did not bring all points, so some of these figures are too low',
          hint: 'run the command again, or ask for a shorter time',
        } as const,
      ]),
];

const JUDGES: readonly Judge[] = [targets, refused, resets, zones, nodes, traffic];

/** Everything that the series of a balancer say, the worst first. */
export function verdictsOn(readings: Readings): Verdict[] {
  return worstFirst(JUDGES.flatMap((judge) => judge(readings)));
}
