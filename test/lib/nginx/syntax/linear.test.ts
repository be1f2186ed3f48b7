import { describe, expect, test } from 'vitest';
import { parse } from '../../../../src/lib/nginx/syntax/parse.ts';
import { print } from '../../../../src/lib/nginx/syntax/print.ts';
import { lossOf } from '../../../support/syntax.ts';
import { cpuTime } from '../../../support/cpu-time.ts';

function time(text: string): number {
  const start = cpuTime();
  parse(text);
  return cpuTime() - start;
}

const unclosedPairs = (size: number): string =>
  Array.from({ length: size }, (_, index) => (index % 2 === 0 ? 'a "x;\n' : "b 'y;\n")).join('');

/** Texts that grow with a size; all that is done once a piece must not look at all the other pieces. */
const TEXTS: Readonly<Record<string, (size: number) => string>> = {
  'plain directives': (size) => 'proxy_set_header Host $host;\n'.repeat(size),
  'unclosed quotes, one a line': (size) => 'name "value;\n'.repeat(size),
  'unclosed quotes of both kinds': unclosedPairs,
  'an unclosed quote in front of escaped ones': (size) => `a "${'\\" '.repeat(size)}`,
  'quotes glued to words in one line': (size) => '"a"b '.repeat(size),
  'glued quotes in one line': (size) => '"a"'.repeat(size),
  'quotes glued over line ends': (size) => 'a "b\nc"d;\n'.repeat(size),
  'opening braces in one line': (size) => 'a {'.repeat(size),
  'opening braces in one line, then blank lines and a directive': (size) =>
    `${'a {'.repeat(size)}${'\n'.repeat(size)}b;`,
  'opening braces alone': (size) => '{'.repeat(size),
  'closing braces alone': (size) => '}'.repeat(size),
  'blocks that are not closed, one a line': (size) => 'server {\n'.repeat(size),
  'closing braces that stand further in': (size) => `a {\n${'  }\n'.repeat(size)}`,
  'blank lines and a brace too many': (size) => `${' \n'.repeat(size)}}`,
  'blocks, each with blank lines': (size) => 'a {\n\n\n\n  b;\n'.repeat(size),
  semicolons: (size) => ';'.repeat(size),
  'words without an end': (size) => 'word '.repeat(size),
  'words without an end, and a brace too many': (size) => `}${'word '.repeat(size)}`,
  'long words': (size) => `${'a'.repeat(8000)} `.repeat(Math.ceil(size / 100)),
  'comments between words': (size) => `a ${'b # c\n'.repeat(size)};`,
  'backslashes at line ends': (size) => 'a "b\\\n'.repeat(size),
  'Lua blocks that are not closed': (size) => 'content_by_lua_block { "\n'.repeat(size),
  'Lua quotes in one line': (size) => `content_by_lua_block { "${'\\"'.repeat(size)}`,
  'Lua brackets that are not closed': (size) => `content_by_lua_block { ${'[=[ --[==[ '.repeat(size)}`,
};

describe('the time to read a text grows with its length and no faster', () => {
  test.each(Object.entries(TEXTS))('%s', (_, make) => {
    const [text, longer] = [make(1500), make(24_000)];
    expect(lossOf(parse(text))).toBeUndefined();
    let [least, longest] = [Infinity, Infinity];
    for (let round = 0; round < 5; round++) {
      least = Math.min(least, time(text), time(text));
      longest = Math.min(longest, time(longer));
      if (longest < least * 48) break;
    }
    // sixteen times as much: what is quadratic takes 256 times as long, and what is not sometimes waits for memory
    expect(longest).toBeLessThan(least * 120 + 100);
  });
});

describe('large files', () => {
  test.each([
    ['one line of 2 MB', 'listen 80; server { root /a; } '.repeat(66_000)],
    ['2 MB of blank lines', `a;${'\n'.repeat(2_000_000)}b`],
    ['deep indentation', `a {${'\n'.padEnd(4000)}b;`.repeat(500)],
    ['one word of 2 MB', 'a'.repeat(2_000_000)],
    ['one comment of 2 MB', `#${'a'.repeat(2_000_000)}`],
    ['one line of 2 MB of glued quotes', '"a"b '.repeat(400_000)],
    ['braces in one line above 1 MB of blank lines', `${'a {'.repeat(30_000)}${'\n'.repeat(1_000_000)}b;`],
  ])('%s is read in seconds', (_, text) => {
    const start = cpuTime();
    parse(text);
    expect(cpuTime() - start).toBeLessThan(2000);
  });

  test('blocks in blocks, 50000 deep, need no stack', () => {
    const depth = 50_000;
    for (const text of [
      'a {'.repeat(depth) + '}'.repeat(depth),
      'a {'.repeat(depth),
      'a {\n'.repeat(depth),
    ]) {
      const start = cpuTime();
      const document = parse(text);
      expect(print(document)).toBe(text);
      expect(cpuTime() - start).toBeLessThan(4000);
    }
  });
});
