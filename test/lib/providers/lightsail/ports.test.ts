import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PortRule } from '../../../../src/lib/aws/lightsail/port-rules.ts';
import { alike, beyond, united, wantedPorts } from '../../../../src/lib/providers/lightsail/ports.ts';
import { letsIn } from '../../../../src/lib/providers/lightsail/way-in.ts';
import { lightsailShop } from '../../../support/lightsail-shop.ts';

const port: fc.Arbitrary<PortRule> = fc.record({
  protocol: fc.constantFrom('tcp', 'udp'),
  from: fc.constantFrom(22, 80, 443),
  to: fc.constant(443),
  cidrs: fc.subarray(['0.0.0.0/0', '10.0.0.0/8', '203.0.113.7']),
  ipv6: fc.subarray(['::/0', '2001:db8::/32']),
  aliases: fc.subarray(['lightsail-connect']),
});
const firewall = fc.array(port, { maxLength: 5 });

describe('firewalls', () => {
  test('put together let in what each does, and no more', () => {
    fc.assert(
      fc.property(firewall, firewall, (some, others) => {
        const both = united(some, others);
        expect([beyond(some, both), beyond(others, both)]).toEqual([[], []]);
        expect(beyond(both, [...some, ...others])).toEqual([]);
        expect(alike(both, united(others, some))).toBe(true);
        if (beyond(some, others).length > 0) expect(alike(some, others)).toBe(false);
      }),
    );
  });

  test('are as the listeners need', () => {
    const { balancer } = lightsailShop({
      listeners:
        'a: { port: 80, ipv6: true }, b: { port: 443, address: 127.0.0.1 }, c: { port: 53, protocol: udp, upstream: web }, d: { port: 8080, address: "[::]" }',
      more: 'upstreams: { web: [10.0.0.1:53] }',
    });
    expect(beyond(wantedPorts(balancer), [])).toEqual([
      'tcp 22 from 203.0.113.7/32',
      'udp 53 from everywhere',
      'tcp 80 from everywhere, everywhere over IPv6',
      'tcp 8080 from everywhere over IPv6',
    ]);
  });

  test('tell whether somebody may log in', () => {
    const { balancer } = lightsailShop();
    const ports = wantedPorts(balancer);
    expect(['203.0.113.7', '203.0.113.8', '2001:db8::1'].map((address) => letsIn(ports, address))).toEqual([
      true,
      false,
      false,
    ]);
    const range = {
      protocol: 'all',
      from: 0,
      to: 65_535,
      cidrs: ['10.0.0.0/8'],
      ipv6: ['2001:db8::/32'],
      aliases: [],
    };
    expect(['10.1.2.3', '2001:db8::1', '11.0.0.1'].map((address) => letsIn([range], address))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
