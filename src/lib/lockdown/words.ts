import type { PortRule } from '../aws/lightsail/port-rules.ts';
import { type Closed, withoutWorld, worldOf } from './closing.ts';

/** `tcp 22 from everywhere`, `tcp 443 from everywhere (IPv6), 203.0.113.0/24`. */
export function ruleInWords(rule: PortRule): string {
  const { protocol, from, to } = rule;
  const { ipv4, ipv6 } = worldOf(rule);
  const others = withoutWorld(rule);
  const sources = [
    ...(ipv4 && ipv6 ? ['everywhere'] : []),
    ...(ipv4 === ipv6 ? [] : [`everywhere (${ipv4 ? 'IPv4' : 'IPv6'})`]),
    ...others.cidrs,
    ...others.ipv6,
    ...others.aliases,
  ];
  const ports = protocol === 'all' ? 'all protocols' : `${protocol} ${from === to ? from : `${from}-${to}`}`;
  return `${ports} from ${sources.join(', ')}`;
}

/** `tcp 80, tcp 443 (IPv6)`. */
export function closedInWords(closed: readonly Closed[]): string {
  const words = closed.map(({ protocol, port, ipv4, ipv6 }) => {
    const way = ipv4 === ipv6 ? '' : ` (${ipv4 ? 'IPv4' : 'IPv6'})`;
    return `${protocol} ${port}${way}`;
  });
  return [...new Set(words)].join(', ');
}
