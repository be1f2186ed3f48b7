import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { block, comment, directive, from, groups } from '../../../src/lib/nginx/build.ts';
import { readFragment } from '../../../src/lib/nginx/fragment.ts';
import { quote, write } from '../../../src/lib/nginx/write.ts';

/** The value that NGINX gets from a word, by its own rules for quotes and escapes. */
function decoded(raw: string): string {
  const quoted = raw.startsWith('"') || raw.startsWith("'");
  const inner = quoted ? raw.slice(1, -1) : raw;
  const escapes: Record<string, string> = { t: '\t', r: '\r', n: '\n' };
  return inner.replace(/\\(["'\\trn])/gu, (_, char: string) => escapes[char] ?? char);
}

describe('quote', () => {
  test.each([
    ['plain', 'plain'],
    ['$host', '$host'],
    ['${host}x', '${host}x'],
    ['a#b', 'a#b'],
    ['\\.png$', '\\.png$'],
    ['', '""'],
    ['#a', '"#a"'],
    ['a b', '"a b"'],
    ['a;b', '"a;b"'],
    ['{', '"{"'],
    ['\\${a}', '"\\\\${a}"'],
    ['say "hi"', '"say \\"hi\\""'],
    ['two\nlines', '"two\\nlines"'],
    ['end\\', '"end\\\\"'],
  ])('%j is written as %s', (value, written) => {
    expect(quote(value)).toBe(written);
  });

  test('NGINX reads every value back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const read = readFragment(`name ${quote(value)};`);
        if ('problem' in read) throw new Error(read.problem.message);
        const [statement] = read.statements;
        expect(read.statements).toHaveLength(1);
        expect(statement).toMatchObject({ kind: 'directive', args: [{ raw: quote(value) }] });
        expect(decoded(quote(value))).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('write', () => {
  test('aligns tables, sets groups apart and wraps what is long', () => {
    const long = Array.from({ length: 30 }, (_, index) => `argument${index}`);
    const { text, origins } = write(
      groups(
        [comment('Why.'), directive('user', 'nginx')],
        [],
        [
          block('map', ['$a', '$b'], [directive('default', 0), directive('longer', 1)]),
          directive('long', ...long),
        ],
      ),
    );
    expect(text).toBe(
      [
        '# Why.',
        'user nginx;',
        '',
        'map $a $b {',
        '    default 0;',
        '    longer  1;',
        '}',
        `long ${long.slice(0, 10).join(' ')}`,
        `    ${long.slice(10, 19).join(' ')}`,
        `    ${long.slice(19, 28).join(' ')}`,
        `    ${long.slice(28).join(' ')};`,
        '',
      ].join('\n'),
    );
    expect(origins).toHaveLength(11);
  });

  test('says what each line comes from', () => {
    const server = from(['pools', 'web', 0], [directive('server', 'a')]);
    const pool = block('upstream', ['web'], [...server, directive('least_conn')]);
    const { origins } = write(groups([comment('Why.')], from(['pools', 'web'], [pool])));
    expect(origins).toEqual([
      undefined,
      undefined,
      { path: ['pools', 'web'], directive: 'upstream' },
      { path: ['pools', 'web', 0], directive: 'server' },
      { path: ['pools', 'web'], directive: 'least_conn' },
      undefined,
    ]);
  });
});

describe('readFragment', () => {
  test('never throws, and what it reads it writes back to the same statements', () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      '\n',
      ';',
      '{',
      '}',
      '"',
      "'",
      '#',
      '\\',
      '$',
      '${',
      'x_by_lua_block',
      '\r',
      '\t',
      '\u00e9',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const read = readFragment(pieces.join(''));
        if ('problem' in read) {
          expect(read.problem.end).toBeGreaterThanOrEqual(read.problem.start);
          return;
        }
        const again = readFragment(write(read.statements).text);
        expect('statements' in again && write(again.statements).text).toBe(write(read.statements).text);
      }),
      { numRuns: 3000 },
    );
  });
});
