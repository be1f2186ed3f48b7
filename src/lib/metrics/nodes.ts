import type { NetworkBalancer, NodeGroup } from './balancer.ts';

/** A group of nodes, and the ARNs of the target groups in which it registers them. */
interface RegisteredGroup extends NodeGroup {
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
