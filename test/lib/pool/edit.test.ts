import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { parseSource, type Source } from '../../../src/lib/balancer/source.ts';
import { type NewServer, withoutServer, withServer } from '../../../src/lib/pool/edit.ts';

const FILE = 'lb.yaml';
const fixtures = join(import.meta.dirname, '../../../fixtures/generate');

interface Upstreams {
  readonly upstreams: Readonly<Record<string, readonly unknown[] | { readonly servers: readonly unknown[] }>>;
}

function listIn(source: Source, upstream: string): readonly unknown[] {
  const value = (source.data as Upstreams).upstreams[upstream]!;
  return Array.isArray(value) ? (value as unknown[]) : (value as { servers: unknown[] }).servers;
}

function add(text: string, upstream: string, server: NewServer): string {
  return withServer({ source: parseSource(text, FILE), file: FILE, upstream }, server);
}

/** Takes out the server at a place, counted from the end where it is negative. */
function remove(text: string, upstream: string, at: number): string {
  const source = parseSource(text, FILE);
  const index = at < 0 ? listIn(source, upstream).length + at : at;
  return withoutServer({ source, file: FILE, upstream }, index);
}

const NEW: readonly NewServer[] = [
  { address: '10.9.9.9:81' },
  { address: '[2001:db8::9]:81' },
  { address: 'app.internal' },
  { address: '7' },
  { address: 'unix:/run/app.sock' },
  { address: '10.9.9.9:81', weight: 3, max_conns: 10 },
  { address: '[2001:db8::9]:81', backup: true },
];

describe('the upstreams of fixtures', () => {
  const all = readdirSync(fixtures)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => {
      const text = readFileSync(join(fixtures, name), 'utf8');
      const { upstreams } = readBalancer(text, name).balancer;
      return Object.keys(upstreams).map((upstream) => ({ name, text, upstream }));
    });
  test.each(all)(
    '$upstream of $name is the same after a server was added and removed',
    ({ text, upstream }) => {
      for (const server of NEW) {
        const more = add(text, upstream, server);
        const list = listIn(parseSource(more, FILE), upstream);
        expect([server.address, server]).toContainEqual(list.at(-1));
        expect(remove(more, upstream, -1)).toBe(text);
      }
    },
  );
});

/** A server as people write it, on one line or on several below a dash. */
const flowServer = fc.constantFrom(
  'a.internal:80',
  '"b.internal:80"',
  "'c.internal:80'",
  '{ address: d.internal:80, weight: 2 }',
  '{address: "e.internal:80"}',
);
const blockServer = fc.oneof(
  flowServer,
  fc.constantFrom('address: f.internal:80', 'address: "g.internal:80"\n@weight: 2\n@max_conns: 7'),
);
const comment = fc.constantFrom('', '', ' # why, oh [why], it\'s "so": {', '   #');
const ownLine = fc.constantFrom('', '', '@# of its own, - with: a dash\n', '\n');

const dashes = fc
  .tuple(
    fc.integer({ min: 1, max: 5 }),
    fc.constantFrom(' ', '  ', '   '),
    fc.array(fc.tuple(blockServer, comment, ownLine), { minLength: 1, maxLength: 4 }),
  )
  .map(([indent, gap, items]) => {
    const margin = ' '.repeat(indent);
    const inner = margin + ' '.repeat(1 + gap.length);
    return `\n${items
      .map(([server, comment, own], index) => {
        const [first, ...more] = server.split('\n');
        return `${index === 0 ? '' : own.replace('@', margin)}${margin}-${gap}${[`${first}${comment}`, ...more].join('\n').replaceAll('@', inner)}\n`;
      })
      .join('')}`;
  });
const brackets = fc
  .tuple(
    fc.array(flowServer, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('', ' '),
    fc.constantFrom(', ', ',', ' , '),
  )
  .map(([items, pad, comma]) => ` [${pad}${items.join(comma)}${pad}]\n`);
const lines = fc
  .tuple(
    fc.array(fc.tuple(flowServer, comment, ownLine), { minLength: 1, maxLength: 4 }),
    fc.boolean(),
    fc.constantFrom('\n     ]', ']'),
  )
  .map(([items, trailing, close]) => {
    const last = items.length - 1;
    const rows = items.map(([server, comment, own], index) => {
      const comma = index < last || trailing ? ',' : '';
      return `${index === 0 ? '' : own.replace('@', '      ')}      ${server}${comma}${close === ']' && index === last ? '' : comment}`;
    });
    return ` [\n${rows.join('\n')}${close}\n`;
  });
const list = fc.oneof(dashes, brackets, lines);

/** A whole file around a list, with what must stay as it is in front of it and behind. */
const files = fc
  .tuple(list, fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean())
  .map(([list, long, last, windows, ends]) => {
    const block = list.startsWith('\n');
    const deeper = (text: string): string => (long && block ? text.replaceAll(/^(?=.)/gmu, '    ') : text);
    const servers = long
      ? `\n    servers:${deeper(list)}    zone: 32k # end\n`
      : block
        ? deeper(list).replaceAll(/^(?=.)/gmu, '  ')
        : list;
    const head = `# top\nname: shop\nlisteners: { http: { port: 8080 } } # here\nroutes: [{ paths: { /: web } }]\nupstreams:\n  other: [x:1, y:1] # other\n  web:`;
    const text = `${head}${servers}${last ? '' : '# behind\n\ncaches: { c: 1m }\n'}`;
    const ended = ends ? text : text.trimEnd();
    return windows ? ended.replaceAll('\n', '\r\n') : ended;
  });

describe('any layout', () => {
  test('is the same after a server was added and removed', () => {
    fc.assert(
      fc.property(files, fc.constantFrom(...NEW), (text, server) => {
        const more = add(text, 'web', server);
        // nothing but new text: every character of before is there, in its order
        expect(isWithin(text, more)).toBe(true);
        expect(remove(more, 'web', -1)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  test('keeps all that is not about a server that is removed', () => {
    fc.assert(
      fc.property(files, fc.nat(), (text, pick) => {
        const before = listIn(parseSource(text, FILE), 'web');
        fc.pre(before.length > 1);
        const at = pick % before.length;
        const less = remove(text, 'web', at);
        expect(isWithin(less, text)).toBe(true);
        expect(less.split('# behind')[1]).toBe(text.split('# behind')[1]);
        expect(listIn(parseSource(less, FILE), 'web')).toEqual(before.filter((_, index) => index !== at));
      }),
      { numRuns: 1000 },
    );
  });
});

/** Whether all characters of a text are in a longer one, in their order. */
function isWithin(text: string, longer: string): boolean {
  let at = 0;
  for (const character of longer) if (character === text[at]) at++;
  return at === text.length;
}

test.each([
  ['an alias', 'upstreams:\n  base: &b [a:1, b:1]\n  web: *b\n', 'a'],
  ['servers that others share', 'upstreams:\n  web: &b [a:1, b:1]\n  other: *b\n', 'a'],
  ['merged keys', 'x: 1\nupstreams:\n  base: &b { servers: [a:1, b:1] }\n  web: { <<: *b, zone: 1m }\n', 'a'],
  [
    'an anchor at a server that is used elsewhere',
    'upstreams:\n  web:\n    - &a a:1\n    - b:1\n  other: [*a]\n',
    'r',
  ],
])('%s is left alone', (_, text, only) => {
  const says = expect.objectContaining({
    code: 'cannot-edit',
    hint: expect.stringContaining('by hand') as string,
  }) as object;
  if (only === 'a') expect(() => add(text, 'web', NEW[0]!)).toThrow(says as Error);
  expect(() => remove(text, 'web', 0)).toThrow(says as Error);
});
