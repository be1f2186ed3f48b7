import { BlockList, isIPv6 } from 'node:net';
import type { PortRule } from '../../aws/lightsail/port-rules.ts';
import type { Transport } from '../../release/transports/transport.ts';

/** Where whoever is logged in comes from, which sudo keeps from the programs that it runs. */
const ASK = `{ echo "SSH_CONNECTION=\${SSH_CONNECTION:-}"; tr '\\0' '\\n' </proc/$PPID/environ; } 2>/dev/null |
sed -n 's/^SSH_CONNECTION=\\([^ ]\\{1,\\}\\).*/\\1/p' | head -n 1`;

/**
 * What to know before a firewall closes behind the one who changes it.
 * @param ports the firewall as it is to be.
 * @returns a remark; null where the way stays open, or it cannot be told.
 */
export async function wayInRemark(transport: Transport, ports: readonly PortRule[]): Promise<string | null> {
  const { stdout } = await transport.run(['sh', '-c', ASK]);
  const address = stdout.trim().replace(/^::ffff:/u, '');
  if (address === '' || letsIn(ports, address)) return null;
  return `you come from ${address}, which ssh_from of lightsail does not let in: after this, nobody can log in from there`;
}

/** Whether a firewall lets an address log in. */
export function letsIn(ports: readonly PortRule[], address: string): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  for (const { protocol, from, to, cidrs, ipv6 } of ports) {
    if (protocol === 'udp' || from > 22 || to < 22) continue;
    for (const range of family === 'ipv6' ? ipv6 : cidrs) {
      const [base = '', length = family === 'ipv6' ? '128' : '32'] = range.split('/');
      list.addSubnet(base, Number(length), family);
    }
  }
  return list.check(address, family);
}
