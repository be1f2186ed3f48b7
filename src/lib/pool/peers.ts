import { nodeFailure } from '../release/failure.ts';
import { call } from '../release/node/call.ts';
import type { Node } from '../release/node/place.ts';
import { partsOf } from '../release/node/words.ts';

/** Where NGINX connects to for a server; a name may stand for several. */
export interface Peer {
  /** As NGINX's error log has it: `10.0.1.10:8080`, `[2001:db8::1]:8080`, `unix:/run/app.sock`. */
  readonly address: string;
  /** As /proc has it: `0A01000A:1F90`, `unix:/run/app.sock`. */
  readonly end: string;
}

/** The peers of servers, by their addresses of lb.yaml; names are looked up on the node. */
export async function peersOf(
  node: Node,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, readonly Peer[]>> {
  const places = addresses.map((address) => ({ address, ...partsOfAddress(address) }));
  const names = places.flatMap(({ host }) => (host !== undefined && !isIp(host) ? [host] : []));
  const found = names.length === 0 ? [] : partsOf(await ask(node, names), 'address');
  return new Map(
    places.map(({ address, host, port }) => {
      if (host === undefined) return [address, [{ address, end: address }]];
      const hosts = isIp(host) ? [host] : found.flatMap(([name, ip = '']) => (name === host ? [ip] : []));
      return [address, [...new Set(hosts)].filter(isIp).map((ip) => peer(ip, port))];
    }),
  );
}

/**
 * How many connections a node has open to each server: established ones, those of other programs than NGINX included;
 * undefined for names that have no address there.
 */
export async function openConnections(
  node: Node,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, number | undefined>> {
  const peers = await peersOf(node, addresses);
  const ends = [...new Set([...peers.values()].flat().map(({ end }) => end))];
  const said = ends.length === 0 ? [] : partsOf(await ask(node, ends), 'open');
  const counts = new Map(said.map(([end = '', count = '0']) => [end, Number(count)]));
  const sum = (list: readonly Peer[]): number | undefined =>
    list.length === 0 ? undefined : list.reduce((total, { end }) => total + (counts.get(end) ?? 0), 0);
  return new Map([...peers].map(([address, list]) => [address, sum(list)]));
}

async function ask(node: Node, words: readonly string[]): Promise<string> {
  const ran = await call(node, 'connections', { servers: words.join(' ') });
  if (ran.code !== 0) throw nodeFailure(node, ran);
  return ran.stdout;
}

/** NGINX connects to port 80 where none is named; a socket file has no host. */
function partsOfAddress(address: string): { host: string | undefined; port: number } {
  if (address.startsWith('unix:')) return { host: undefined, port: 0 };
  const [, host = '', port = '80'] = /^(\[.*\]|[^:]+)(?::(\d+))?$/u.exec(address) ?? [];
  return { host: host.replace(/^\[|\]$/gu, ''), port: Number(port) };
}

/** Names have a letter that is no hexadecimal digit, or no colon. */
function isIp(host: string): boolean {
  return /^[\d.]+$/u.test(host) || (host.includes(':') && /^[\da-f:.]+$/iu.test(host));
}

function peer(ip: string, port: number): Peer {
  const six = ip.includes(':');
  return {
    address: `${six ? `[${ip}]` : ip}:${port}`,
    end: `${six ? hexOfIpv6(ip) : hexOfWord(ip.split('.').map(Number))}:${hex(port, 4)}`,
  };
}

/** The system tells each 32 bits of an address as a number of its own byte order, which is the little-endian one. */
function hexOfWord(bytes: readonly number[]): string {
  return bytes
    .toReversed()
    .map((byte) => hex(byte, 2))
    .join('');
}

function hexOfIpv6(ip: string): string {
  const [head = [], tail] = ip.split('::').map((part) => part.split(':').flatMap(groups));
  const zeros = tail ? 8 - head.length - tail.length : 0;
  const all = [...head, ...Array.from({ length: zeros }, () => 0), ...(tail ?? [])];
  return [0, 2, 4, 6]
    .map((at) => hexOfWord(all.slice(at, at + 2).flatMap((group) => [group >> 8, group & 0xff])))
    .join('');
}

/** A group of an IPv6 address; its last 32 bits may be written as an IPv4 one. */
function groups(text: string): number[] {
  if (text === '') return [];
  if (!text.includes('.')) return [Number.parseInt(text, 16)];
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}

function hex(number: number, digits: number): string {
  return number.toString(16).toUpperCase().padStart(digits, '0');
}
