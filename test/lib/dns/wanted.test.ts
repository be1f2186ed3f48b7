import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { check } from '../../../src/lib/dns/checks/registry.ts';
import { titleOf, valuesOf } from '../../../src/lib/dns/record.ts';
import { wishOfBalancer } from '../../../src/lib/dns/wanted/balancer.ts';
import { build } from '../../../src/lib/dns/wanted/build.ts';
import { wishOfFlags } from '../../../src/lib/dns/wanted/flags.ts';
import { UserError } from '../../../src/lib/errors.ts';
import { byFlags } from './records.ts';

const SHOP = `
name: shop
listeners: { http: { port: 8080 } }
health: { path: /alive }
`;

/** What `dns:` of an lb.yaml asks for. */
function of(dns: string, regions?: Record<string, string[]>) {
  const { balancer } = readBalancer(`${SHOP}dns:\n${dns}`, 'lb.yaml');
  const wish = wishOfBalancer(balancer.dns!, {
    owner: 'shop',
    healthPath: balancer.health.path,
    ...(regions ? { regions } : {}),
  });
  return build(wish);
}

describe('dns: of lb.yaml', () => {
  test('latency without answers leads to every Region', () => {
    const dns =
      '  { zone: example.com, name: shop.example.com, regions: { us-east-1: 192.0.2.1, eu-west-1: [192.0.2.2, 2001:db8::2] } }';
    const { wanted } = of(dns, { 'sa-east-1': ['192.0.2.3'] });
    expect(wanted.sets.map((set) => [titleOf(set), ...valuesOf(set)])).toEqual([
      ['shop.example.com A (sa-east-1)', '192.0.2.3'],
      ['shop.example.com A (us-east-1)', '192.0.2.1'],
      ['shop.example.com A (eu-west-1)', '192.0.2.2'],
      ['shop.example.com AAAA (eu-west-1)', '2001:db8::2'],
    ]);
  });

  test('a Region with several addresses has a name of its own, behind an alias', () => {
    const { wanted, complaints } = of(
      '  { zone: example.com, name: shop.example.com, health: true, regions: { us-east-1: [192.0.2.1, 192.0.2.2], eu-west-1: 192.0.2.3 } }',
    );
    expect(complaints).toEqual([]);
    expect(wanted.sets.map((set) => [titleOf(set), ...valuesOf(set)])).toEqual([
      ['shop.example.com A (us-east-1)'],
      ['shop.example.com A (eu-west-1)', '192.0.2.3'],
      ['us-east-1.shop.example.com A (192.0.2.1)', '192.0.2.1'],
      ['us-east-1.shop.example.com A (192.0.2.2)', '192.0.2.2'],
    ]);
    expect(wanted.sets[0]!.AliasTarget).toMatchObject({
      DNSName: 'us-east-1.shop.example.com.',
      EvaluateTargetHealth: true,
    });
    expect(check({ wanted, others: [] })).toEqual([]);
  });

  test('further names nest policies, and aliases have the types of what they lead to', () => {
    const { wanted, complaints } = of(`
  zone: example.com
  policy: geolocation
  answers: { default: alias:near.example.com, 'country:DE': 192.0.2.9 }
  records:
    - { name: near.example.com, policy: weighted, ttl: 30, answers: { blue: { to: [2001:db8::1], weight: 9 }, green: 2001:db8::2 } }`);
    expect(complaints).toEqual([]);
    expect(wanted.sets.map((set) => [titleOf(set), set.TTL, set.Weight])).toEqual([
      ['example.com AAAA (default)', undefined, undefined],
      ['example.com A (country:DE)', 60, undefined],
      ['near.example.com AAAA (blue)', 30, 9],
      ['near.example.com AAAA (green)', 30, 1],
    ]);
  });

  test('health checks ask each address for the health path of the balancer', () => {
    const { wanted } = of(
      '  { zone: example.com, health: true, answers: { us-east-1: 192.0.2.1, eu-west-1: { to: 192.0.2.2, health: false } } }',
    );
    expect(wanted.checks.map(({ config }) => config)).toEqual([
      {
        Type: 'HTTPS',
        IPAddress: '192.0.2.1',
        FullyQualifiedDomainName: 'example.com',
        Port: 443,
        ResourcePath: '/alive',
        RequestInterval: 30,
        FailureThreshold: 3,
        EnableSNI: true,
      },
    ]);
    expect(wanted.sets.map(({ HealthCheckId }) => HealthCheckId)).toEqual([
      wanted.checks[0]!.reference,
      undefined,
    ]);
    expect(wanted.checks[0]!.reference.length).toBeLessThan(50);
  });

  test('what cannot be read is told with its place', () => {
    const { complaints } = of(
      '  { zone: example.com, policy: geolocation, answers: { default: nonsense, "planet:X": 192.0.2.1 } }',
    );
    expect(complaints).toEqual([
      { message: expect.stringContaining('"nonsense" is no address'), at: ['dns', 'answers', 'default'] },
      { message: expect.stringContaining('"planet:X" is no location'), at: ['dns', 'answers', 'planet:X'] },
    ]);
  });
});

describe('flags', () => {
  test('load balancers are aliases in the hosted zone of their Region', () => {
    const [set] = byFlags('--latency', 'eu-west-1=lb-1a2b.elb.eu-west-1.amazonaws.com').sets;
    expect(set!.AliasTarget).toEqual({
      HostedZoneId: 'Z2IFOLAFXWLO4F',
      DNSName: 'lb-1a2b.elb.eu-west-1.amazonaws.com.',
      EvaluateTargetHealth: true,
    });
  });

  test.each([
    [['--latency', 'us-east-1'], /is not REGION=ADDRESS/u],
    [['--weighted', 'blue=192.0.2.1'], /has no weight/u],
    [['--latency', 'us-east-1=192.0.2.1', '--weighted', 'blue:1=192.0.2.1'], /one routing policy/u],
    [['--simple', '192.0.2.1', '--health', 'smoke'], /says no way to ask/u],
    [['--simple', '192.0.2.1', '--ttl', 'long'], /not a number of seconds/u],
    [['--cidr', 'office=192.0.2.1'], /has no networks/u],
  ])('%j is refused', (flags, message) => {
    expect(() => byFlags(...flags)).toThrow(message);
  });

  test('whatever is written is read or refused in words', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'us-east-1',
        'default',
        'country:DE',
        'blue:1',
        '192.0.2.1',
        'alias:x.example.com',
        '=',
      ),
    );
    const flag = fc.constantFrom(
      'simple',
      'latency',
      'geo',
      'weighted',
      'failover',
      'multivalue',
      'geoproximity',
      'cidr',
    );
    fc.assert(
      fc.property(flag, fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 4 }), (flag, pairs) => {
        const given = { [flag]: pairs.map(([key, to]) => `${key}=${to}`) };
        try {
          const { wanted } = build(
            wishOfFlags({ options: { zone: 'example.com', name: 'www.example.com' }, lists: given }),
          );
          expect(wanted.sets.every(({ Name }) => Name === 'www.example.com.')).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});
