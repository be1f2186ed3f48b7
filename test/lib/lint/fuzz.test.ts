import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FAILED_RULE, lint } from '../../../src/lib/lint/engine/lint.ts';
import { BEHIND } from '../../../src/lib/lint/engine/rule.ts';
import { rules } from '../../../src/lib/lint/rules/registry.ts';
import { inferContext } from '../../../src/lib/nginx/check/infer.ts';
import { Context, contextNames, contextOf } from '../../../src/lib/nginx/directives/contexts.ts';
import { directiveNames } from '../../../src/lib/nginx/directives/knowledge.ts';
import { loadConfiguration } from '../../../src/lib/nginx/include/load.ts';
import { mutate } from '../../differential/mutate.ts';
import { seeded } from '../../differential/random.ts';
import { corpus } from '../../support/corpus.ts';
import { cpuTime } from '../../support/cpu-time.ts';

/** Milliseconds that a small configuration may take, on a machine that has other things to do. */
const LIMIT = 2000;

interface Setting {
  readonly version: string;
  readonly plus: boolean;
  readonly behind: (typeof BEHIND)[number] | undefined;
  readonly context?: string | undefined;
}

const SETTING: fc.Arbitrary<Setting> = fc.record({
  version: fc.constantFrom('1.18', '1.22.1', '1.26', '1.30.4', '1.99'),
  plus: fc.boolean(),
  behind: fc.constantFrom(undefined, ...BEHIND),
  context: fc.constantFrom(undefined, undefined, ...contextNames().filter((name) => name !== 'any')),
});

/** Lints a text that includes itself by other names too; what went wrong in a rule is shown with what it was. */
function judge(text: string, { version, plus, behind, context }: Setting): void {
  const files = new Map([
    ['/nginx.conf', text],
    ['/part.conf', text.slice(0, 400)],
  ]);
  const loaded = loadConfiguration('/nginx.conf', {
    read: (path) => files.get(path),
    list: () => ['part.conf'],
  });
  const target = { version, plus };
  const place = context === undefined ? inferContext(loaded.main.document, target) : contextOf(context);
  const start = cpuTime();
  const found = lint(loaded, { target, behind, context: place === Context.main ? undefined : place });
  expect(cpuTime() - start).toBeLessThan(LIMIT);
  expect(found.filter(({ rule }) => rule === FAILED_RULE).map(({ message }) => message)).toEqual([]);
  for (const { message, hint = '', fix, fixable } of found) {
    expect(`${message} ${hint}`).not.toMatch(/undefined|\[object|NaN/u);
    expect(fixable).toBe(fix !== undefined);
    for (const { file, start: from, end } of fix?.edits ?? []) {
      expect(from).toBeLessThanOrEqual(end);
      expect(end).toBeLessThanOrEqual(file.document.text.length);
    }
  }
}

/** Names that the rules ask for, so that random text reaches what they do. */
const NAMES = [...new Set(namesInRules())];

function namesInRules(): string[] {
  const folder = new URL('../../../src/lib/lint/', import.meta.url).pathname;
  const known = new Set(directiveNames());
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').match(/(?<=['"`])[a-z_]+(?=['"`])/gu) ?? [])
    .filter((name) => known.has(name));
}

const WORD = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NAMES) },
  fc.constantFrom(...directiveNames()),
  fc.constantFrom(
    'on',
    'off',
    '0',
    '-1',
    '1m',
    '1s',
    '50%',
    '=',
    '~',
    '~*',
    '^~',
    '@a',
    '/',
    '/a',
    '/a/',
    '~ /(a+)+$',
  ),
  fc.constantFrom(
    '$host',
    '$http_host',
    '$uri',
    '$request_uri',
    '$1',
    '$',
    '${',
    '${a}',
    '$a$b',
    '"$a b"',
    "''",
    '""',
  ),
  fc.constantFrom(
    'http://a',
    'http://$a/',
    'https://a:443/x',
    'http://unix:/s:/',
    'a:80',
    '[::]:80',
    'unix:/s',
    '*:80',
  ),
  fc.constantFrom(
    'include /part.conf',
    'include /nginx.conf',
    'default',
    'default_server',
    'ssl',
    'all',
    'zone=a:1m',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
);

/** Blocks within blocks, most of which are closed. */
const TEXT = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: WORD },
      fc.constantFrom(';', ';\n', ' {\n', '}\n', '# lbctl-ignore-file x'),
    ),
    {
      maxLength: 120,
    },
  )
  .map((pieces) => pieces.join(' '));

/** Directives with words behind them, in blocks that they may or may not belong to. */
const DIRECTIVES = fc.letrec<{ block: string; one: string }>((tie) => ({
  one: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .array(WORD, { maxLength: 4 })
      .chain((words) => fc.constantFrom(...NAMES).map((name) => [name, ...words].join(' ') + ';\n')),
    tie('block'),
  ),
  block: fc
    .tuple(
      fc.constantFrom(
        'http',
        'server',
        'location /',
        'location ~ ^/(.*)$',
        'upstream a',
        'if ($a = b)',
        'map $a $b',
        'stream',
        'geo $a',
      ),
      fc.array(tie('one'), { maxLength: 6 }),
    )
    .map(([head, inner]) => `${head} {\n${inner.join('')}}\n`),
})).block;

describe('no rule fails, takes long or talks nonsense', () => {
  test('whatever the text', () => {
    fc.assert(fc.property(TEXT, SETTING, judge), { numRuns: 800 });
  }, 120_000);

  test('whatever stands in blocks', () => {
    fc.assert(fc.property(DIRECTIVES, SETTING, judge), { numRuns: 800 });
  }, 120_000);

  test('in configurations that were changed many times over', () => {
    const bases = [...corpus('accepted').map(({ text }) => text), ...fixtures()];
    fc.assert(
      fc.property(fc.integer(), SETTING, (seed, setting) => {
        const random = seeded(seed);
        let text = random.pick(bases);
        for (let round = 0; round < 6; round++) text = mutate(text, random);
        judge(text, setting);
      }),
      { numRuns: 250 },
    );
  }, 120_000);
});

/** What the rules are shown as bad and good, which is where a change of a word matters to them. */
function fixtures(): string[] {
  const folder = new URL('../../../fixtures/rules/', import.meta.url).pathname;
  return rules.flatMap(({ id }) =>
    ['bad', 'good'].flatMap((kind) =>
      readdirSync(join(folder, id, kind)).map((name) => readFileSync(join(folder, id, kind, name), 'utf8')),
    ),
  );
}

test.each([1, 2])(
  'rules take no longer than in proportion to the text: kind %i',
  (kind) => {
    const inner = (index: number) =>
      kind === 1
        ? `server { listen 80; server_name s${index}; add_header A ${index}; location / { proxy_pass http://u${index}; proxy_set_header Host $host; } }
upstream u${index} { server 10.0.0.1:${index}; keepalive 4; }\n`
        : `location /l${index} { set $v${index} a; if ($v${index} = b) { return 301 /x$v${index}; } alias /srv/${index}/; allow 10.0.0.0/8; }\n`;
    const text = (count: number) => {
      const all = Array.from({ length: count }, (_, index) => inner(index)).join('');
      return kind === 1 ? `events {}\nhttp {\n${all}}\n` : `events {}\nhttp { server {\n${all}} }\n`;
    };
    const time = (count: number) => {
      const loaded = loadConfiguration('/nginx.conf', { read: () => text(count), list: () => [] });
      const start = cpuTime();
      lint(loaded, { target: { version: '1.30.4', plus: false } });
      return cpuTime() - start;
    };
    time(500);
    let [least, longest] = [Infinity, Infinity];
    for (let round = 0; round < 5; round++) {
      least = Math.min(least, time(1000));
      longest = Math.min(longest, time(4000));
      if (longest < least * 6) break;
    }
    // four times as much: what is quadratic takes sixteen times as long, and what is not sometimes waits for memory
    expect(longest).toBeLessThan(least * 6 + 500);
  },
  60_000,
);
