import type { StackState } from '../../aws/cloudformation/model.ts';
import type { Place } from './place.ts';
import { stackOf } from './world.ts';

/**
 * Where clients reach the load balancers, by Region: their Elastic IPs, or the name of one that has none; nothing in a
 * Region where it is still to be made.
 */
export async function addressesOf(
  place: Pick<Place, 'regions'>,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const found = await Promise.all(
    (await place.regions()).map(async ({ region, stacks, wanted }) => {
      const { Addresses: addresses = '', DnsName: name = '' } =
        (await stackOf(stacks, wanted))?.outputs ?? {};
      return [region, (addresses || name).split(',').filter((text) => text !== '')] as const;
    }),
  );
  return Object.fromEntries(found);
}

/** The same in words, with its name: `203.0.113.1, 203.0.113.2 (shop-1f3a.elb.eu-west-1.amazonaws.com)`. */
export function reachedAt({ outputs }: Pick<StackState, 'outputs'>): string {
  const { Addresses: addresses, DnsName: name = '' } = outputs;
  return addresses === undefined ? name : `${addresses.replaceAll(',', ', ')} (${name})`;
}
