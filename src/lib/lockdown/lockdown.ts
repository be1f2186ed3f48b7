import type { LightsailInstance } from '../aws/lightsail/instances.ts';
import { type Lists, newLists } from '../aws/lightsail/lists.ts';
import { closedTag } from '../aws/lightsail/tags.ts';
import type { Balancer } from '../balancer/schema/balancer.ts';
import { UserError } from '../errors.ts';
import { close, hasSources, unsplittable } from './closing.ts';
import { lookClosely } from './look.ts';
import { type Member, membersOf } from './members.ts';
import { planClosing, planOpening, type Planned } from './plan.ts';

/**
 * What it takes to close the servers of a balancer to the world: a look at the instances, and at each firewall that lets
 * the world in. Nothing is changed.
 * @param lists of instances that others look at in the same run.
 * @throws UserError `failed` where that cannot be done.
 */
export async function planLockdown(balancer: Balancer, lists: Lists = newLists()): Promise<Planned> {
  const around = await lookClosely(balancer, lists, (seen) =>
    membersOf(balancer, seen)
      .members.filter(mayBeOpen)
      .map(({ instance }) => instance),
  );
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
  const tag = closedTag(balancer.name);
  const isTagged = ({ tags }: LightsailInstance): boolean => tags[tag] !== undefined;
  const { instances } = await lookClosely(balancer, newLists(), (seen) => seen.instances.filter(isTagged));
  return planOpening(instances, tag);
}

/** Whether there may be something to close, by what a list of instances tells, which may leave out who is let in. */
function mayBeOpen({ instance: { rules }, ports }: Member): boolean {
  if (!rules.every(hasSources) || unsplittable(rules).length > 0) return true;
  return close(rules, ports).closed.length > 0;
}
