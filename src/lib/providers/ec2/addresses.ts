import type { StackState } from '../../aws/cloudformation/model.ts';
import type { ReachedAt } from '../reached.ts';
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

/** The same of one stack, with its name. */
export function reachedAt(region: string, { outputs }: Pick<StackState, 'outputs'>): ReachedAt {
  const { Addresses: addresses, DnsName: name = '' } = outputs;
  return { region, addresses: addresses === undefined ? [] : addresses.split(','), name };
}
