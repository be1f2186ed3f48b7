import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byBytes, matcher } from '../../../../src/lib/nginx/include/glob.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { without } from '../../../support/tools.ts';
import { cpuTime } from '../../../support/cpu-time.ts';

describe('a pattern', () => {
  test.each([
    ['*.conf', 'a.conf', true],
    ['*.conf', '.conf', false],
    ['*.conf', 'a.conf~', false],
    ['.*', '.a', true],
    ['?', 'a', true],
    ['?', 'ab', false],
    ['?', '.', false],
    ['[ab]c', 'bc', true],
    ['[!ab]c', 'bc', false],
    ['[^ab]c', 'cc', true],
    ['[a-c]', 'b', true],
    ['[]a]', ']', true],
    ['[!]a]', 'b', true],
    ['[a-]', '-', true],
    ['[.]a', '.a', false],
    ['[!a].b', '..b', false],
    ['a[', 'a[', true],
    ['[z-a]*', 'z', false],
    ['\\**', '*a', true],
    ['\\**', 'aa', false],
    ['[\\]]', ']', true],
    ['a*b*c', 'a1b2c', true],
    ['[[:digit:]]', '1', true],
    ['?', 'é', false],
    ['*', 'é', true],
    ['[!z-a]*', 'z', true],
    ['(a|b)*$', '(a|b)x$', true],
  ])('%j and %j: %s', (pattern, name, expected) => {
    expect(matcher(pattern)?.(name) ?? pattern === name).toBe(expected);
  });

  test('without a wildcard is a name', () => {
    expect(matcher('nginx.conf')).toBeUndefined();
    expect(matcher('a\\b')).toBeUndefined();
  });

  test('of any characters throws nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (pattern, name) => {
        expect([true, false, undefined]).toContain(matcher(`${pattern}*`)?.(name));
        expect([true, false, undefined]).toContain(matcher(`[${pattern}`)?.(name));
      }),
      { numRuns: 1500 },
    );
  });
});

test('many stars take no longer than few', () => {
  const start = cpuTime();
  expect(matcher('*a'.repeat(100))!('a'.repeat(99) + 'b'.repeat(100))).toBe(false);
  expect(cpuTime() - start).toBeLessThan(500);
});

test('names are in the order of their bytes', () => {
  const names = ['B', 'a', '10', '9', 'ab', 'a.b', 'a-b', '_', 'é', 'z', '\uFF5E', '\u{1F600}'];
  const bytes = names.map((name) => Buffer.from(name)).toSorted((a, b) => Buffer.compare(a, b));
  expect(names.toSorted(byBytes)).toEqual(bytes.map(String));
});

describe.skipIf(without('bash'))('the shell finds the same files', () => {
  test('in the same order', async () => {
    const folder = await temporaryFolder();
    const name = fc
      .array(fc.constantFrom(...'abcz09.-_[]!^*?\\~B'.split('')), { minLength: 1, maxLength: 4 })
      .map((all) => all.join(''))
      .filter((all) => all !== '.' && all !== '..');
    const names = [...new Set(fc.sample(name, 400))];
    for (const each of names) writeFileSync(join(folder, each), '');
    const piece = fc.oneof(
      fc.constantFrom('*', '*', '?', 'a', 'b', 'z', '.', '-', '!', '\\*', '\\?', '\\[', '\\a', '\\\\', '['),
      fc.constantFrom(
        '[ab]',
        '[a-c]',
        '[!a]',
        '[^a-z]',
        '[]]',
        '[]a-]',
        '[!]]',
        '[0-9]',
        '[.]',
        '[z-a]',
        '[*?]',
        '[\\]]',
      ),
      fc.constantFrom(
        '[!.]',
        '[a\\-z]',
        '[[]',
        '[[a]',
        '[--9]',
        '[a-c-z]',
        '[\\\\]',
        '[!!]',
        '[a^]',
        '[[:alpha:]]',
        '[!',
      ),
    );
    const pattern = fc
      .array(piece, { minLength: 1, maxLength: 4 })
      .map((all) => all.join(''))
      .filter((all) => /[*?[]/u.test(all))
      // collating symbols, which nobody writes, are not read
      .filter((all) => !/\[[!^]?\[\./u.test(all));
    const patterns = [...new Set(fc.sample(pattern, 1500))];
    const { stdout } = spawnSync(
      'bash',
      ['-c', 'shopt -s nullglob; IFS=; while read -r p; do printf "%s\\n" $p; echo; done'],
      {
        cwd: folder,
        input: patterns.map((each) => `${each}\n`).join(''),
        env: { ...process.env, LC_ALL: 'C' },
        encoding: 'utf8',
      },
    );
    const theirs = stdout.split('\n\n').slice(0, -1);
    const own = patterns.map((each) => names.filter(matcher(each)!).toSorted(byBytes).join('\n'));
    const differing = patterns.flatMap((each, index) => {
      const [found, expected] = [
        own[index]!.split('\n'),
        theirs[index]!.replace(/^\n/u, '')
          .split('\n')
          .filter((found) => found !== '.' && found !== '..'),
      ];
      // bash leaves a pattern as it is where all its signs are escaped or stand for themselves
      if (expected.join('') === each) return [];
      return found.join('\n') === expected.join('\n')
        ? []
        : [[each, found.slice(0, 8), expected.slice(0, 8)]];
    });
    expect(theirs).toHaveLength(patterns.length);
    expect(own.filter((found) => found !== '').length).toBeGreaterThan(300);
    expect(differing).toEqual([]);
  });
});
