import { BlockList, isIP } from 'node:net';
import { titleOf, valuesOf } from '../record.ts';
import { type Check, error, forSets } from './check.ts';

/** Networks that nobody reaches from outside (RFC 1918, 6598, 1122, 3927, 4193, 4291). */
const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['0.0.0.0', 8],
] as const)
  PRIVATE.addSubnet(network, bits);
for (const [network, bits] of [
  ['fc00::', 7],
  ['fe80::', 10],
  ['::', 127],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv6');

/** Whether an address is reached from inside networks alone. */
export function isPrivateAddress(address: string): boolean {
  return isIP(address) !== 0 && PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

export const privateAddresses: Check = {
  id: 'private-addresses',
  summary: 'a public zone leads to addresses that the public reaches',
  find: forSets((set, { wanted: { isPrivate } }) => {
    if (isPrivate || (set.Type !== 'A' && set.Type !== 'AAAA')) return [];
    return valuesOf(set)
      .filter(isPrivateAddress)
      .map((value) =>
        error(
          `${titleOf(set)} leads to ${value}, which nobody reaches from the internet`,
          'give a public address, or say that the zone is private: private: true, or --private',
        ),
      );
  }),
};
