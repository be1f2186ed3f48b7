import { describe, expect, test } from 'vitest';
import { covers, matchesAll, readOutline } from '../../../../src/lib/lint/regex/outline.ts';

const read = (text: string) => {
  const insensitive = text.startsWith('*');
  return readOutline(insensitive ? text.slice(1) : text, insensitive);
};

describe('an expression takes what another one would get', () => {
  test.each([
    ['\\.php$', '^/admin/.*\\.php$', true],
    ['^/api', '^/api/v1/(\\d+)$', true],
    ['/api', '^/x/api/', true],
    ['\\.(?:jpe?g|gif)$', '\\.jpg$', true],
    ['*\\.PNG$', '\\.png$', true],
    ['^/a(?:/.*)?$', '^/a$', false],
    ['^/a$', '^/ab', false],
    ['^/ab', '^/a', false],
    ['\\.png$', '*\\.png$', false],
    ['^/a', '^/a*b', false],
    ['^/aa', '^/aa?', false],
    ['/b', '^/a|^/b', false],
    ['^/a', '/a', false],
    ['/a$', '/a', false],
    ['^/x41', '^/\\x41', false],
    ['.*', '^/a(?=b)', true],
    ['^/a.*$', '^/a/(?<rest>.+)', true],
  ])('%s takes what %s would: %s', (first, second, expected) => {
    const [one, other] = [read(first), read(second)];
    expect(one !== undefined && other !== undefined && covers(one, other)).toBe(expected);
  });
});

test.each(['', '^', '/', '^/', '.', '.*', '^.*$', '^/.*', '(.*)', '^(.*)$', '^/(.*)$', '.+', '$'])(
  '%j matches every path',
  (text) => {
    const outline = read(text);
    expect(outline && matchesAll(outline)).toBe(true);
  },
);

test.each(['^$', '^/$', '^.$', '/.', '^/(.+)$', '\\/x', '(?i)/', 'a|^', '/{2}'])(
  '%j does not, as far as is sure',
  (text) => {
    const outline = read(text);
    expect(outline !== undefined && matchesAll(outline)).toBe(false);
  },
);

test('whatever is said to be taken is taken, of expressions and paths at random', () => {
  let seed = Number(process.env['LBCTL_TEST_SEED'] ?? 1);
  const below = (count: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7f_ff_ff_ff;
    return (seed >> 8) % count;
  };
  const pieces = [
    'a',
    'b',
    'ab',
    '/',
    '\\.',
    '.',
    '.*',
    '.+',
    '[ab]',
    '(a|b)',
    '(?:ab|/)?',
    '(.*)',
    'a?',
    'b+',
    'a*',
    '(a/)+',
    'b{2}',
    '^',
    '$',
    '|',
  ];
  const expression = (): string => {
    const text = Array.from({ length: 1 + below(5) }, () => pieces[below(pieces.length)]!).join('');
    return `${below(2) === 0 ? '^' : ''}${text}${below(3) === 0 ? '$' : ''}`;
  };
  const paths = Array.from({ length: 300 }, () =>
    ['/', ...Array.from({ length: below(6) }, () => ['a', 'b', '/', '.'][below(4)]!)].join(''),
  );
  let said = 0;
  for (let round = 0; round < 20_000; round++) {
    const [first, second] = [expression(), expression()];
    const [one, other] = [read(first), read(second)];
    let regex: RegExp[];
    try {
      regex = [new RegExp(first, 'u'), new RegExp(second, 'u')];
    } catch {
      continue;
    }
    const missed = one && matchesAll(one) ? paths.find((path) => !regex[0]!.test(path)) : undefined;
    expect({ first, missed }).toEqual({ first, missed: undefined });
    if (!one || !other || !covers(one, other)) continue;
    said++;
    const wrong = paths.find((path) => regex[1]!.test(path) && !regex[0]!.test(path));
    expect({ first, second, wrong }).toEqual({ first, second, wrong: undefined });
  }
  expect(said).toBeGreaterThan(500);
});
