import { ec2Of, networkOf } from './ec2.ts';
import type { Balancer } from './schema/balancer.ts';

/** Networks that are nobody's on the internet (RFC 1918). */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** Servers that a remark names. */
const SHOWN = 3;

/** What has to be done before nodes in a VPC that is made for them reach their servers; nothing where they do by themselves. */
export function reachRemarks(balancer: Balancer): string[] {
  const network = networkOf(ec2Of(balancer));
  if (network.kind !== 'own') return [];
  const { cidr } = network;
  const servers = Object.values(balancer.upstreams).flatMap((upstream) => upstream.servers);
  const addresses = [...new Set(servers.map(({ address }) => address))];
  const apart = addresses.filter((address) => PRIVATE.some((range) => isIn(address, range)));
  const inside = apart.filter((address) => isIn(address, cidr));
  const outside = apart.filter((address) => !inside.includes(address));
  const newer = addresses.filter((address) => address.startsWith('['));
  return [
    ...inWords(
      inside,
      (which) =>
        `nodes will not reach ${which}: ${cidr} is the VPC that is made for them, where nothing else is; name the VPC of the servers (ec2.vpc.id), or another range (ec2.vpc.cidr) and peer the two`,
    ),
    ...inWords(
      outside,
      (which) =>
        `nodes will reach ${which} only once their VPC is peered with that of the servers, or has a transit gateway; ec2.vpc.id has them stand in a VPC that you have instead`,
    ),
    ...inWords(
      newer,
      (which) =>
        `nodes will not reach ${which}: the VPC that is made for them has no IPv6; ec2.vpc.id has them stand in one that you have instead`,
    ),
  ];
}

function inWords(addresses: readonly string[], say: (which: string) => string): string[] {
  if (addresses.length === 0) return [];
  const more = addresses.length - SHOWN;
  return [say(`${addresses.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`)];
}

/** @param address with or without a port; names and IPv6 are in none. */
function isIn(address: string, range: string): boolean {
  const [start = '', bits] = range.split('/');
  const [, host] = /^(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/u.exec(address) ?? [];
  if (host === undefined) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(host) / size) === Math.floor(numberOf(start) / size);
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}
