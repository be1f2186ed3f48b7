import { describe, expect, test } from 'vitest';
import { portInfoOf, rulesIn } from '../../../../src/lib/aws/lightsail/port-rules.ts';

describe('rules of a firewall', () => {
  test('are what is open to the inside, in one order, and go back as they came', () => {
    const at = (port: number) => ({ protocol: 'tcp' as const, fromPort: port, toPort: port });
    const cidrs = ['10.0.0.0/8'];
    const rules = rulesIn([
      { ...at(443), cidrs, accessDirection: 'inbound' },
      { ...at(22), cidrs, state: 'open' },
      { ...at(80), cidrs, state: 'closed' },
      { ...at(25), cidrs, accessDirection: 'outbound' },
    ]);
    // said to be empty, so that nobody comes by IPv6
    expect(rules.map(portInfoOf)).toEqual([
      { ...at(22), cidrs, ipv6Cidrs: [], cidrListAliases: [] },
      { ...at(443), cidrs, ipv6Cidrs: [], cidrListAliases: [] },
    ]);
  });

  test('without anybody are those of everybody, and stay so', () => {
    const [rule] = rulesIn([{ protocol: 'udp', fromPort: 53, toPort: 53 }]);
    expect(portInfoOf(rule!)).toEqual({ protocol: 'udp', fromPort: 53, toPort: 53 });
  });
});
