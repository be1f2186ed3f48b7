import { isIPv4, isIPv6 } from 'node:net';
import { type Check, error, type Finding } from './check.ts';

/** Longest prefixes that Route 53 takes (IP-based routing). */
const LONGEST = { v4: 24, v6: 48 } as const;

export const cidr: Check = {
  id: 'cidr',
  summary: 'networks of IP-based routing are networks, and names of theirs are short',
  find: ({ wanted: { collections, sets } }) =>
    collections.flatMap((collection): Finding[] => {
      const set = sets.find(({ CidrRoutingConfig }) => CidrRoutingConfig?.CollectionId === collection.name);
      if (!set) return [];
      const seen = new Map<string, string>();
      return Object.entries(collection.locations).flatMap(([location, networks]) => {
        const faults: Omit<Finding, 'set'>[] = [];
        if (!/^[0-9A-Za-z_-]{1,16}$/u.test(location))
          faults.push(error(`${location} names no networks: 1 to 16 letters, digits, - and _ do`));
        if (networks.length === 0) faults.push(error(`${location} has no networks`));
        for (const network of networks) {
          const fault = networkFault(network);
          if (fault !== undefined) faults.push(error(`${location}: ${network} ${fault}`));
          const other = seen.get(network);
          if (other !== undefined)
            faults.push(error(`${network} is among the networks of ${other} and of ${location}`));
          seen.set(network, location);
        }
        return faults.map((fault) => ({ ...fault, set }));
      });
    }),
};

function networkFault(network: string): string | undefined {
  const [address = '', bits = ''] = network.split('/');
  const length = /^\d{1,3}$/u.test(bits) ? Number(bits) : Number.NaN;
  if (isIPv4(address) && length >= 1 && length <= LONGEST.v4) return undefined;
  if (isIPv6(address) && length >= 1 && length <= LONGEST.v6) return undefined;
  return `is no network that Route 53 takes: IPv4 from /1 to /${LONGEST.v4}, IPv6 from /1 to /${LONGEST.v6}`;
}
