import { closedTag } from '../aws/lightsail/tags.ts';
import type { Balancer } from '../balancer/schema/balancer.ts';
import { UserError } from '../errors.ts';
import { lookAround } from './look.ts';
import { membersOf } from './members.ts';
import { planClosing, planOpening, type Planned } from './plan.ts';

/**
 * What it takes to close the servers of a balancer to the world: one look at the instances, and nothing is changed.
 * @throws UserError `failed` where that cannot be done.
 */
export async function planLockdown(balancer: Balancer): Promise<Planned> {
  const around = await lookAround(balancer);
  const members = membersOf(balancer, around);
  if (members.members.length === 0 && members.outside.length === 0)
    throw new UserError(
      'failed',
      'no-members',
      `no instance of Lightsail is behind ${balancer.name} that could be closed`,
      {
        evidence: members.remarks,
        hint: 'upstreams name private addresses of instances in the Region of AWS_REGION, or find instances by discover',
      },
    );
  return planClosing(members, closedTag(balancer.name));
}

/** What it takes to open again what was closed for a balancer. */
export async function planUndo(balancer: Balancer): Promise<Planned> {
  const { instances } = await lookAround(balancer);
  return planOpening(instances, closedTag(balancer.name));
}
