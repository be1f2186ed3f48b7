import type { PortRule } from '../../aws/lightsail/port-rules.ts';
import { protocolOf } from '../../balancer/protocol.ts';
import type { Balancer } from '../../balancer/schema/balancer.ts';

const EVERYBODY = '0.0.0.0/0';
const EVERYBODY_V6 = '::/0';
/** By which releases come. */
const SSH = 22;

/**
 * The firewall that a balancer needs: what its listeners take from others, and port 22 for those who may log in. What
 * listens on a loopback address alone, as the metrics do, needs no hole.
 */
export function wantedPorts({ listeners, lightsail }: Balancer): PortRule[] {
  const from = lightsail!.ssh_from;
  const ssh = {
    protocol: 'tcp',
    from: SSH,
    to: SSH,
    cidrs: from.filter((range) => !range.includes(':')).map(range),
    ipv6: from.filter((range) => range.includes(':')).map(range),
    aliases: [],
  };
  const open = Object.values(listeners)
    .filter(({ address }) => address === undefined || !/^(?:127\.|\[::1\])/u.test(address))
    .map((listener) => ({
      protocol: protocolOf(listener) === 'udp' ? 'udp' : 'tcp',
      from: listener.port,
      to: listener.port,
      cidrs: listener.address?.startsWith('[') ? [] : [EVERYBODY],
      ipv6: listener.ipv6 || listener.address?.startsWith('[') ? [EVERYBODY_V6] : [],
      aliases: [],
    }));
  return united([ssh], open);
}

/** One address is a range of one. */
function range(text: string): string {
  return text.includes('/') ? text.toLowerCase() : `${text.toLowerCase()}/${text.includes(':') ? 128 : 32}`;
}

/** Everything that one of both lets in. */
export function united(some: readonly PortRule[], others: readonly PortRule[]): PortRule[] {
  const ports = new Map<string, PortRule>();
  for (const port of [...some, ...others]) {
    const key = `${port.protocol} ${port.from}-${port.to}`;
    const known = ports.get(key);
    ports.set(key, {
      ...port,
      cidrs: distinct([...(known?.cidrs ?? []), ...port.cidrs.map(range)]),
      ipv6: distinct([...(known?.ipv6 ?? []), ...port.ipv6.map(range)]),
      aliases: distinct([...(known?.aliases ?? []), ...port.aliases]),
    });
  }
  return [...ports.values()].toSorted((a, b) => a.from - b.from || a.protocol.localeCompare(b.protocol));
}

function distinct(words: readonly string[]): string[] {
  return [...new Set(words)].toSorted();
}

/** Whether both let in the same. */
export function alike(some: readonly PortRule[], others: readonly PortRule[]): boolean {
  return JSON.stringify(united(some, [])) === JSON.stringify(united(others, []));
}

/** What one lets in and the other does not, a line a hole. */
export function beyond(some: readonly PortRule[], others: readonly PortRule[]): string[] {
  const known = united(others, []);
  return united(some, []).flatMap((port) => {
    const same = known.find(
      ({ protocol, from, to }) => protocol === port.protocol && from === port.from && to === port.to,
    );
    const left = {
      ...port,
      cidrs: port.cidrs.filter((word) => !same?.cidrs.includes(word)),
      ipv6: port.ipv6.filter((word) => !same?.ipv6.includes(word)),
      aliases: port.aliases.filter((word) => !same?.aliases.includes(word)),
    };
    const sources = [...left.cidrs, ...left.ipv6, ...left.aliases];
    return sources.length === 0 ? [] : [portLine(left)];
  });
}

/** `tcp 80 from everywhere`. */
export function portLine({ protocol, from, to, cidrs, ipv6, aliases }: PortRule): string {
  const sources = [...cidrs, ...ipv6, ...aliases].map((source) =>
    source === EVERYBODY ? 'everywhere' : source === EVERYBODY_V6 ? 'everywhere over IPv6' : source,
  );
  const ports = protocol === 'all' ? 'all ports' : `${protocol} ${from === to ? from : `${from}-${to}`}`;
  return `${ports} from ${sources.length === 0 ? 'nowhere' : sources.join(', ')}`;
}
