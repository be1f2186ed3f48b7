import { describe, expect, test } from 'vitest';
import { clientsOf } from '../../../src/lib/dns/answers/client.ts';
import { askAll, audiences } from '../../../src/lib/dns/answers/everywhere.ts';
import { resolver } from '../../../src/lib/dns/answers/resolve.ts';
import { svgMap } from '../../../src/lib/dns/map/svg.ts';
import type { RecordSet } from '../../../src/lib/dns/record.ts';
import { a, alias, byFlags, NAME } from './records.ts';

/** What a client gets, as `answer: rule`. */
function asks(sets: readonly RecordSet[], from: string, ...down: readonly string[]): string {
  const isDown = ({ SetIdentifier: id = '' }: RecordSet) => down.includes(id);
  const [first] = askAll(resolver({ sets, isDown }), NAME, 'A', clientsOf(from).slice(0, 1));
  return `${first!.answer}: ${first!.rule}`;
}

const places = byFlags(
  '--geo',
  'default=192.0.2.1',
  '--geo',
  'continent:EU=192.0.2.2',
  '--geo',
  'country:DE=192.0.2.3',
  '--geo',
  'country:US=192.0.2.4',
  '--geo',
  'us:CA=192.0.2.5',
).sets;

describe('geolocation', () => {
  test.each([
    ['DE', '192.0.2.3: country:DE (Germany)'],
    ['FR', '192.0.2.2: continent:EU (Europe)'],
    ['us:CA', '192.0.2.5: us:CA (California)'],
    ['us:NV', '192.0.2.4: country:US (United States)'],
    ['JP', '192.0.2.1: default'],
    ['TR', '192.0.2.2: continent:EU (Europe)'],
    ['RE', '192.0.2.1: default'],
    ['EH', '192.0.2.1: default'],
  ])('%s gets the smallest place that holds it', (from, answer) => {
    expect(asks(places, from)).toBe(answer);
  });

  test('a dead record leaves its clients to the next larger place, and all dead ones to the smallest', () => {
    expect(asks(places, 'DE', 'country:DE')).toBe('192.0.2.2: continent:EU (Europe) (country:DE is down)');
    expect(asks(places, 'us:CA', 'us:CA', 'country:US')).toBe('192.0.2.1: default (us:CA is down)');
    expect(asks(places, 'DE', 'country:DE', 'continent:EU', 'default')).toBe(
      '192.0.2.3: country:DE (Germany)',
    );
  });

  test('without a default the others get no answer', () => {
    const [, ...rest] = places;
    expect(asks(rest, 'JP')).toBe('no answer: no record is for this place, and there is no default');
  });
});

describe('other policies', () => {
  const near = byFlags('--latency', 'us-east-1=192.0.2.1', '--latency', 'eu-west-1=192.0.2.2').sets;

  test('latency is guessed by distance, and passes over the dead', () => {
    expect(asks(near, 'FR')).toMatch(/^192\.0\.2\.2: nearest: eu-west-1, about \d+ km$/u);
    expect(asks(near, 'FR', 'eu-west-1')).toMatch(/^192\.0\.2\.1: .*\(eu-west-1 is down\)$/u);
  });

  test('a bias moves the border of geoproximity', () => {
    const flags = (bias: string) =>
      byFlags('--geoproximity', `us-east-1:${bias}=192.0.2.1`, '--geoproximity', 'eu-west-1=192.0.2.2').sets;
    expect(asks(flags('0'), 'PT')).toMatch(/^192\.0\.2\.2/u);
    expect(asks(flags('90'), 'PT')).toMatch(/^192\.0\.2\.1/u);
    expect(asks(flags('-90'), 'MX')).toMatch(/^192\.0\.2\.2/u);
  });

  test('weights are shares among the living; 0 stands in when all others are dead', () => {
    const sets = byFlags(
      '--weighted',
      'blue:90=192.0.2.1',
      '--weighted',
      'green:10=192.0.2.2',
      '--weighted',
      'spare:0=192.0.2.3',
    ).sets;
    expect(asks(sets, 'DE')).toBe('90% 192.0.2.1 | 10% 192.0.2.2: weighted (2)');
    expect(asks(sets, 'DE', 'blue')).toBe('192.0.2.2: weighted: green, 100%');
    expect(asks(sets, 'DE', 'blue', 'green')).toBe('192.0.2.3: weighted: spare, 100%');
  });

  test('fail-over goes to the secondary, and back to the primary when both are dead', () => {
    const sets = byFlags('--failover', 'primary=192.0.2.1', '--failover', 'secondary=192.0.2.2').sets;
    expect(asks(sets, 'DE')).toBe('192.0.2.1: primary');
    expect(asks(sets, 'DE', 'primary')).toBe('192.0.2.2: secondary (primary is down)');
    expect(asks(sets, 'DE', 'primary', 'secondary')).toBe('192.0.2.1: primary');
  });

  test('multivalue gives the living, eight at most', () => {
    const values = Array.from({ length: 10 }, (_, index) => ['--multivalue', `192.0.2.${index + 1}`]).flat();
    const sets = byFlags(...values).sets;
    expect(asks(sets, 'DE')).toMatch(/: 8 of 10 values$/u);
    expect(asks(sets, 'DE', '192.0.2.1')).not.toMatch(/192\.0\.2\.1,/u);
  });

  test('networks go by the longest prefix, and others by the default', () => {
    const { sets, collections } = byFlags(
      '--cidr',
      'wide:198.51.0.0/16=192.0.2.1',
      '--cidr',
      'office:198.51.100.0/24=192.0.2.2',
      '--cidr',
      'default=192.0.2.3',
    );
    const { ask } = resolver({ sets, networks: collections[0]!.locations });
    const from = (address: string) => ask(NAME, 'A', { title: address, name: address, address })[0]!.values;
    expect([from('198.51.100.7'), from('198.51.1.1'), from('203.0.113.1')]).toEqual([
      ['192.0.2.2'],
      ['192.0.2.1'],
      ['192.0.2.3'],
    ]);
  });
});

describe('aliases', () => {
  const inner = 'inner.example.com.';
  const sets = [
    alias({ SetIdentifier: 'default', GeoLocation: { CountryCode: '*' } }),
    a({ SetIdentifier: 'europe', GeoLocation: { ContinentCode: 'EU' } }, '192.0.2.9'),
    a({ Name: inner, SetIdentifier: 'blue', Weight: 3 }),
    a({ Name: inner, SetIdentifier: 'green', Weight: 1 }, '192.0.2.2'),
  ];

  test('rules are told from the first name to the one that answers', () => {
    expect(asks(sets, 'JP')).toBe('75% 192.0.2.1 | 25% 192.0.2.2: default → weighted (2)');
    expect(asks(sets, 'JP', 'green')).toBe('192.0.2.1: default → weighted: blue, 100%');
  });

  test('an alias that looks at what it leads to is dead when all of that is', () => {
    const failing = [
      alias({ SetIdentifier: 'one', Failover: 'PRIMARY' }),
      a({ SetIdentifier: 'two', Failover: 'SECONDARY' }, '192.0.2.7'),
      ...sets.slice(2),
    ];
    expect(asks(failing, 'JP', 'blue')).toMatch(/^192\.0\.2\.2: primary → /u);
    expect(asks(failing, 'JP', 'blue', 'green')).toBe('192.0.2.7: secondary (one is down)');
  });
});

test('a wildcard answers for names that have no records', () => {
  const { ask } = resolver({ sets: [a({ Name: '\\052.example.com.' })] });
  const client = clientsOf('DE')[0]!;
  expect(ask('any.deep.example.com.', 'A', client)[0]!.values).toEqual(['192.0.2.1']);
  expect(ask('any.example.org.', 'A', client)[0]!.values).toEqual([]);
});

test('the map has a colour for every answer, and text that is no markup', () => {
  const answered = askAll(resolver({ sets: places }), NAME, 'A', clientsOf('EU'));
  const found = audiences(answered);
  expect(found.map(({ letter, clients }) => [letter, clients.length])).toEqual([
    ['a', 53],
    ['b', 1],
  ]);
  const svg = svgMap('<who>', found);
  expect(svg).toContain('&lt;who>');
  expect(svg).toContain('<title>Germany: 192.0.2.3</title>');
});
