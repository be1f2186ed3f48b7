import { isIPv4, isIPv6 } from 'node:net';
import type { PortInfo } from '@aws-sdk/client-lightsail';
import { invalid } from './refusal.ts';
import type { Port } from './state.ts';

const ALL_PORTS = 65_535;

/** A rule as it is kept. Without any addresses it lets all in, by IPv4 and IPv6. */
export function asPort(info: PortInfo): Port {
  const { protocol = '', cidrListAliases = [] } = info;
  const {
    fromPort = protocol === 'all' ? 0 : undefined,
    toPort = protocol === 'all' ? ALL_PORTS : undefined,
  } = info;
  if (protocol === '' || fromPort === undefined || toPort === undefined)
    throw invalid('Ports need a protocol, a first port and a last one');
  checkRange(protocol, fromPort, toPort);
  const anywhere = info.cidrs === undefined && info.ipv6Cidrs === undefined && cidrListAliases.length === 0;
  const cidrs = anywhere ? ['0.0.0.0/0'] : [...(info.cidrs ?? [])];
  const ipv6Cidrs = anywhere ? ['::/0'] : [...(info.ipv6Cidrs ?? [])];
  for (const cidr of cidrs) checkCidr(cidr, isIPv4, 32);
  for (const cidr of ipv6Cidrs) checkCidr(cidr, isIPv6, 128);
  for (const alias of cidrListAliases)
    if (alias !== 'lightsail-connect') throw invalid(`The CIDR list alias ${alias} does not exist`);
  if (cidrs.length + ipv6Cidrs.length + cidrListAliases.length === 0)
    throw invalid('Ports need an address, a range of addresses or an alias that may connect');
  return { fromPort, toPort, protocol, cidrs, ipv6Cidrs, cidrListAliases: [...cidrListAliases] };
}

/** For ICMP, the ports are type and code; -1 stands for all of them. */
function checkRange(protocol: string, from: number, to: number): void {
  const icmp = protocol.startsWith('icmp');
  const [least, most] = icmp ? [-1, 255] : [0, ALL_PORTS];
  for (const port of [from, to])
    if (!Number.isInteger(port) || port < least || port > most) throw invalid(`The port ${port} is invalid`);
  if (!icmp && from > to) throw invalid(`The ports ${from} to ${to} are not a range`);
}

/** An address alone is one as well. */
function checkCidr(cidr: string, isAddress: (text: string) => boolean, bits: number): void {
  const [address = '', length, ...more] = cidr.split('/');
  const prefix = length ?? String(bits);
  if (more.length === 0 && isAddress(address) && /^\d{1,3}$/u.test(prefix) && Number(prefix) <= bits) return;
  throw invalid(`The CIDR ${cidr} is invalid`);
}

/** Whether two are about the same ports, whoever may come to them. */
export function samePorts(one: Port, other: Port): boolean {
  return one.fromPort === other.fromPort && one.toPort === other.toPort && one.protocol === other.protocol;
}
