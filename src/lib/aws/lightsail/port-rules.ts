import type { InstancePortInfo, InstancePortState, PortInfo } from '@aws-sdk/client-lightsail';

/** What the firewall of an instance lets in: ports of a protocol, and from where. */
export interface PortRule {
  /** `tcp`, `udp`, `all`, `icmp` or `icmpv6`. */
  readonly protocol: string;
  /** First and last port; of ICMP its type and code. */
  readonly from: number;
  readonly to: number;
  /** IPv4 ranges that may come in. */
  readonly cidrs: readonly string[];
  readonly ipv6: readonly string[];
  /** Names for ranges of AWS itself, such as `lightsail-connect`: the console's own way in. */
  readonly aliases: readonly string[];
}

/** Rules as the SDK has them, in an order that is the same each time; ports that it calls closed, or ways out, are none. */
export function rulesIn(
  ports: readonly (InstancePortState & Pick<InstancePortInfo, 'accessDirection'>)[],
): PortRule[] {
  return ports
    .filter(({ state, accessDirection = 'inbound' }) => state !== 'closed' && accessDirection === 'inbound')
    .map(({ protocol = 'tcp', fromPort = 0, toPort = fromPort, cidrs, ipv6Cidrs, cidrListAliases }) => ({
      protocol,
      from: fromPort,
      to: toPort,
      cidrs: (cidrs ?? []).toSorted(),
      ipv6: (ipv6Cidrs ?? []).toSorted(),
      aliases: (cidrListAliases ?? []).toSorted(),
    }))
    .toSorted(byPlace);
}

/**
 * A rule for the SDK. An empty list says nobody, beside one that names somebody; where nobody is named in any, as AWS may
 * tell of a rule, all are left out, and AWS lets everybody in.
 */
export function portInfoOf({ protocol, from, to, cidrs, ipv6, aliases }: PortRule): PortInfo {
  const isNamed = cidrs.length + ipv6.length + aliases.length > 0;
  return {
    protocol: protocol as NonNullable<PortInfo['protocol']>,
    fromPort: from,
    toPort: to,
    ...(isNamed ? { cidrs: [...cidrs], ipv6Cidrs: [...ipv6], cidrListAliases: [...aliases] } : {}),
  };
}

/** By protocol and port; the rest for an order that is always the same. */
function byPlace(a: PortRule, b: PortRule): number {
  return (
    (a.protocol < b.protocol ? -1 : Number(a.protocol > b.protocol)) ||
    a.from - b.from ||
    a.to - b.to ||
    (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
  );
}
