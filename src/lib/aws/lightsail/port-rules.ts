import type { InstancePortState } from '@aws-sdk/client-lightsail';

/** What a firewall of Lightsail lets in: ports of a protocol, and from where. */
export interface PortRule {
  /** `tcp`, `udp`, `all`, `icmp` or `icmpv6`. */
  readonly protocol: string;
  /** First and last port; of ICMP its type and code. */
  readonly from: number;
  readonly to: number;
  readonly cidrs: readonly string[];
  readonly ipv6Cidrs: readonly string[];
  /** Ranges that AWS keeps, such as `lightsail-connect`: the console's own way in. */
  readonly aliases: readonly string[];
}

/** Rules as the SDK has them, in an order that is the same each time; ports that it calls closed are none. */
export function portRules(ports: readonly InstancePortState[]): PortRule[] {
  return ports
    .filter(({ state }) => state !== 'closed')
    .map(({ protocol = 'tcp', fromPort = 0, toPort = fromPort, cidrs, ipv6Cidrs, cidrListAliases }) => ({
      protocol,
      from: fromPort,
      to: toPort,
      cidrs: (cidrs ?? []).toSorted(),
      ipv6Cidrs: (ipv6Cidrs ?? []).toSorted(),
      aliases: (cidrListAliases ?? []).toSorted(),
    }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
