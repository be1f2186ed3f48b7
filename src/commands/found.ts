import { type Lists, newLists } from '../lib/aws/lightsail/lists.ts';
import { inDefaultVpc } from '../lib/discovery/default-vpc.ts';
import type { Loaded } from '../lib/source/load.ts';

/**
 * lb.yaml with the servers that its upstreams discover; where none does, nothing of discovery is loaded.
 * @param lists of instances that others look at in the same run.
 */
export async function withServers(loaded: Loaded, lists: Lists = newLists()): Promise<Loaded> {
  if (!discovers(loaded)) return loaded;
  const { discovered } = await import('../lib/discovery/discover.ts');
  return discovered(loaded, lists);
}

/** The same for those who tell what they can. */
export async function withServersAsFar(loaded: Loaded, lists: Lists = newLists()): Promise<Loaded> {
  if (!discovers(loaded)) return loaded;
  const { discoveredAsFar } = await import('../lib/discovery/discover.ts');
  return discoveredAsFar(loaded, lists);
}

/** Servers that a balancer on Lightsail does not reach; nobody is asked where it has none in the default VPC. */
export async function unreached({ balancer }: Loaded): Promise<string[]> {
  const servers = inDefaultVpc(balancer);
  if (balancer.provider !== 'lightsail' || servers.length === 0) return [];
  const { peeringRemarks } = await import('../lib/discovery/peering.ts');
  return peeringRemarks(servers, balancer.regions);
}

export function discovers({ balancer }: Loaded): boolean {
  return Object.values(balancer.upstreams).some(({ discover }) => discover);
}
