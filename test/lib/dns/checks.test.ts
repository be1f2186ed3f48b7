import { describe, expect, test } from 'vitest';
import { check, checks } from '../../../src/lib/dns/checks/registry.ts';
import type { RecordSet } from '../../../src/lib/dns/record.ts';
import type { Wanted } from '../../../src/lib/dns/wanted/wanted.ts';
import { a, alias, byFlags, NAME, wanted } from './records.ts';
import { refused } from './refused.ts';

function found(sets: Wanted, others: readonly RecordSet[] = []): readonly string[] {
  return check({ wanted: sets, others }).map(({ check, level, message }) => `${check} ${level}: ${message}`);
}

describe('what Route 53 refuses is refused here', () => {
  test.each(refused)('$check: $what', ({ check: id, sets, says }) => {
    const own = check({ wanted: wanted(sets), others: [] }).filter(({ check }) => check === id);
    expect(own.map(({ level }) => level)).toContain('error');
    expect(own.map(({ message }) => message).join('\n')).toMatch(says);
  });
});

const geo = (...locations: readonly string[]) =>
  byFlags(...locations.flatMap((location) => ['--geo', `${location}=192.0.2.1`]));
const caa = (value: string, Name = 'example.com.') => a({ Name, Type: 'CAA' }, value);

/** What common sense refuses or warns of, and what looks alike and is good. */
const sense: readonly {
  readonly check: string;
  readonly what: string;
  readonly bad: Wanted;
  readonly good: Wanted;
  readonly others?: readonly RecordSet[];
  readonly says: RegExp;
}[] = [
  {
    check: 'default-location',
    what: 'clients without an answer',
    bad: geo('continent:EU'),
    good: geo('continent:EU', 'default'),
    says: /get no answer at all/,
  },
  {
    check: 'default-location',
    what: 'networks without an answer',
    bad: byFlags('--cidr', 'office:198.51.100.0/24=192.0.2.1'),
    good: byFlags('--cidr', 'office:198.51.100.0/24=192.0.2.1', '--cidr', 'default=192.0.2.2'),
    says: /other networks get no answer/,
  },
  {
    check: 'us-states',
    what: 'states without their country',
    bad: geo('default', 'us:CA'),
    good: geo('default', 'us:CA', 'country:US', 'continent:NA', 'continent:OC'),
    says: /no record for the US/,
  },
  {
    check: 'fall-through',
    what: 'a country without its continent',
    bad: geo('default', 'country:DE'),
    good: geo('default', 'country:DE', 'continent:EU'),
    says: /none for Europe: its 53 other countries/,
  },
  {
    check: 'fall-through',
    what: 'parts of a state that are far away',
    bad: geo('default', 'continent:EU', 'country:FR'),
    good: geo('default', 'continent:EU', 'country:DE'),
    says: /GF, GP, MF/,
  },
  {
    check: 'weights',
    what: 'weights that are all zero',
    bad: byFlags('--weighted', 'blue:0=192.0.2.1', '--weighted', 'green:0=192.0.2.2'),
    good: byFlags('--weighted', 'blue:0=192.0.2.1', '--weighted', 'green:1=192.0.2.2'),
    says: /are all 0/,
  },
  {
    check: 'group-ttl',
    what: 'two TTLs of a weighted group',
    bad: wanted([a({ SetIdentifier: 'x', Weight: 1, TTL: 30 }), a({ SetIdentifier: 'y', Weight: 1 })]),
    good: wanted([a({ SetIdentifier: 'x', Weight: 1 }), a({ SetIdentifier: 'y', Weight: 1 })]),
    says: /TTLs 30 and 60/,
  },
  {
    check: 'failover',
    what: 'a primary alone',
    bad: byFlags('--failover', 'primary=192.0.2.1', '--health', 'http'),
    good: byFlags('--failover', 'primary=192.0.2.1', '--failover', 'secondary=192.0.2.2', '--health', 'http'),
    says: /has no secondary/,
  },
  {
    check: 'health-absent',
    what: 'fail-over without a health check',
    bad: byFlags('--failover', 'primary=192.0.2.1', '--failover', 'secondary=192.0.2.2'),
    good: byFlags(
      '--failover',
      'primary=192.0.2.1',
      '--failover',
      'secondary=192.0.2.2',
      '--health',
      'tcp:80',
    ),
    says: /would never fail over/,
  },
  {
    check: 'health-absent',
    what: 'a health check at one answer alone',
    bad: wanted([
      a({ SetIdentifier: 'x', Weight: 1, HealthCheckId: 'h' }),
      a({ SetIdentifier: 'y', Weight: 1 }),
    ]),
    good: byFlags('--weighted', 'x:1=192.0.2.1', '--weighted', 'y:1=192.0.2.2', '--health', 'http'),
    says: /y has no health check and the others do/,
  },
  {
    check: 'slow-failover',
    what: 'a long TTL with health checks',
    bad: byFlags('--latency', 'us-east-1=192.0.2.1', '--health', 'http', '--ttl', '300'),
    good: byFlags('--latency', 'us-east-1=192.0.2.1', '--health', 'http', '--ttl', '60'),
    says: /TTL of 300 s/,
  },
  {
    check: 'private-addresses',
    what: 'an address that nobody reaches',
    bad: byFlags('--simple', '10.0.0.1'),
    good: wanted([a({}, '10.0.0.1')], { isPrivate: true }),
    says: /nobody reaches from the internet/,
  },
  {
    check: 'shadow',
    what: 'a name that a delegation takes away',
    bad: wanted([a({ Name: 'www.sub.example.com.' })]),
    good: wanted([a({ Name: 'www.other.example.com.' })]),
    others: [a({ Name: 'sub.example.com.', Type: 'NS' }, 'ns.example.net.')],
    says: /sub\.example\.com is delegated/,
  },
  {
    check: 'shadow',
    what: 'a name that hides a wildcard',
    bad: wanted([a({})]),
    good: wanted([a({}), a({ Type: 'TXT' }, '"x"')]),
    others: [a({ Name: '\\052.example.com.', Type: 'TXT' }, '"x"')],
    says: /gets no TXT answers from \*\.example\.com/,
  },
  {
    check: 'caa',
    what: 'an authority that may not issue',
    bad: wanted([a({})], { authorities: ['letsencrypt.org'] }),
    good: wanted([a({}), caa('0 issue "letsencrypt.org"', NAME)], { authorities: ['letsencrypt.org'] }),
    others: [caa('0 issue "digicert.com"')],
    says: /lets digicert\.com issue certificates, and not letsencrypt\.org/,
  },
  {
    check: 'residency',
    what: 'a fail-over that leads abroad',
    bad: wanted(
      [
        a({ SetIdentifier: 'us-east-1', GeoLocation: { CountryCode: '*' } }),
        a(
          { SetIdentifier: 'eu-west-1', GeoLocation: { ContinentCode: 'EU' }, HealthCheckId: 'h' },
          '192.0.2.2',
        ),
      ],
      { mustStay: { EU: ['eu-west-1'] } },
    ),
    good: wanted(
      [
        a({ SetIdentifier: 'us-east-1', GeoLocation: { CountryCode: '*' } }),
        a({ SetIdentifier: 'eu-west-1', GeoLocation: { ContinentCode: 'EU' } }, '192.0.2.2'),
      ],
      { mustStay: { EU: ['eu-west-1'] } },
    ),
    says: /can lead clients of Europe by us-east-1/,
  },
  {
    check: 'residency',
    what: 'a way abroad behind an alias',
    bad: wanted(
      [
        alias({ SetIdentifier: 'default', GeoLocation: { CountryCode: '*' } }),
        a({ Name: 'inner.example.com.', SetIdentifier: 'eu-west-1', Region: 'eu-west-1' }),
        a({ Name: 'inner.example.com.', SetIdentifier: 'us-east-1', Region: 'us-east-1' }, '192.0.2.2'),
      ],
      { mustStay: { DE: ['eu-west-1'] } },
    ),
    good: wanted(
      [
        alias({ SetIdentifier: 'default', GeoLocation: { CountryCode: '*' } }),
        a({ Name: 'inner.example.com.', SetIdentifier: 'eu-west-1', Region: 'eu-west-1' }),
      ],
      { mustStay: { DE: ['eu-west-1'] } },
    ),
    says: /clients of Germany by default → us-east-1/,
  },
  {
    check: 'alias',
    what: 'aliases in a circle',
    bad: wanted([alias({}), alias({ Name: 'inner.example.com.' }, NAME)]),
    good: wanted([alias({}), a({ Name: 'inner.example.com.' })]),
    says: /leads back to itself/,
  },
  {
    check: 'cidr',
    what: 'a network that is too small',
    bad: byFlags('--cidr', 'office:198.51.100.0/25=192.0.2.1', '--cidr', 'default=192.0.2.2'),
    good: byFlags('--cidr', 'office:198.51.100.0/24=192.0.2.1', '--cidr', 'default=192.0.2.2'),
    says: /no network that Route 53 takes/,
  },
  {
    check: 'health-checks',
    what: 'a port that is none',
    bad: byFlags('--simple', '192.0.2.1', '--health', 'tcp:70000'),
    good: byFlags('--simple', '192.0.2.1', '--health', 'tcp:7000'),
    says: /70000 is no port/,
  },
];

describe('common sense', () => {
  test.each(sense)('$check: $what', ({ check: id, bad, good, others = [], says }) => {
    const own = (from: readonly string[]) => from.filter((line) => line.startsWith(`${id} `));
    expect(own(found(bad, others)).join('\n')).toMatch(says);
    expect(own(found(good, others))).toEqual([]);
  });
});

test('every check is shown to find something', () => {
  const shown = new Set([...refused, ...sense].map(({ check }) => check));
  expect(checks.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
});

test('records of all policies pass', () => {
  const good = [
    byFlags('--simple', '192.0.2.1', '--simple', '2001:db8::1'),
    byFlags(
      '--latency',
      'us-east-1=192.0.2.1',
      '--latency',
      'eu-west-1=192.0.2.2',
      '--health',
      'https:443/healthz',
    ),
    byFlags('--latency', 'us-east-1=lb-1.elb.us-east-1.amazonaws.com', '--latency', 'eu-west-1=192.0.2.2'),
    byFlags('--multivalue', '192.0.2.1', '--multivalue', '192.0.2.2', '--health', 'http'),
    byFlags('--geoproximity', 'us-east-1:20=192.0.2.1', '--geoproximity', '48.1,11.5=192.0.2.2'),
    byFlags('--simple', 'www.example.net'),
  ];
  expect(good.flatMap((sets) => found(sets)).filter((line) => line.includes(' error:'))).toEqual([]);
});
