import type { NetworkBalancer, NodeGroup } from './balancer.ts';

/** A group of nodes, and the ARNs of the target groups in which it registers them. */
interface RegisteredGroup extends NodeGroup {
  readonly tags: Readonly<Record<string, string>>;
  readonly targetGroups: readonly string[];
}

/** A balancer with the groups whose nodes it sends to, by name. */
export function withNodes(balancer: NetworkBalancer, all: readonly RegisteredGroup[]): NetworkBalancer {
  const own = new Set(balancer.groups.map(({ arn }) => arn));
  const nodes = all
    .filter(({ targetGroups }) => targetGroups.some((arn) => own.has(arn)))
    .map(({ name, desired, inService }) => ({ name, desired, inService }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { ...balancer, nodes };
}

/** Tag of all that a stack of a balancer makes, with the name of the balancer. */
const BALANCER_TAG = 'lbctl:balancer';

/** Whether a balancer sends to nodes of the stack of that name. */
export function isInFrontOf(
  stack: string,
  { groups }: NetworkBalancer,
  all: readonly RegisteredGroup[],
): boolean {
  const own = new Set(groups.map(({ arn }) => arn));
  return all.some(
    ({ tags, targetGroups }) => tags[BALANCER_TAG] === stack && targetGroups.some((arn) => own.has(arn)),
  );
}
