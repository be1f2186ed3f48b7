import { networkInterfaces } from 'node:os';
import { listInstances } from '../aws/lightsail/instances.ts';
import { homeRegion } from '../aws/lightsail/region.ts';
import type { Balancer } from '../balancer/schema/balancer.ts';
import type { Around } from './members.ts';

/** Looks at all instances of the Regions where servers of a balancer may be: a call a page, and nothing is changed. */
export async function lookAround(balancer: Balancer): Promise<Around> {
  const { upstreams, nodes = [] } = balancer;
  const named = Object.values(upstreams).map(({ discover }) => discover?.lightsail.region);
  const own = balancer.regions ?? (named.includes(undefined) ? [await homeRegion()] : []);
  const regions = new Set(named.flatMap((region) => region ?? own));
  const lists = await Promise.all([...regions].map(listInstances));
  const here = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ internal }) => !internal).map(({ address }) => address),
  );
  return { instances: lists.flat(), home: own[0] ?? '', own: new Set([...here, ...nodes.map(hostOf)]) };
}

/** Where ssh goes to; a name that only ssh knows stays what it is. */
function hostOf(destination: string): string {
  const [, host = destination] =
    /^(?:ssh:\/\/)?(?:.*@)?(\[[^\]]*\]|[^:]*)(?::\d+)?$/u.exec(destination) ?? [];
  return host;
}
