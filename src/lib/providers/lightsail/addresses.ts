import type { Wanted } from './wanted.ts';
import type { RegionWorld } from './world.ts';

/** Addresses that clients reach the instances at, by Region; none in a Region where nothing has been made yet. */
export function addressesOf(
  { regions, staticIp }: Pick<Wanted, 'regions' | 'staticIp'>,
  worlds: readonly RegionWorld[],
): Readonly<Record<string, readonly string[]>> {
  const found = worlds.filter(({ region }) => regions.includes(region));
  return Object.fromEntries(
    found.map(({ region, machines, addresses }) => {
      const known = new Set(machines.map(({ name }) => name));
      const fixed = addresses.flatMap(({ address, attachedTo }) =>
        attachedTo !== null && known.has(attachedTo) ? [address] : [],
      );
      const passing = machines.flatMap(({ address }) => address ?? []);
      return [region, (staticIp ? fixed : passing).toSorted()];
    }),
  );
}
