import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPattern } from '../../../../src/lib/nginx/regex/pattern.ts';
import { cpuTime } from '../../../support/cpu-time.ts';

describe('a pattern that PCRE2 compiles', () => {
  test.each([
    ['', 0, []],
    ['^/api/', 0, []],
    ['\\.(gif|jpe?g|png)$', 1, []],
    ['^/(?<user>[^/]+)/(.*)$', 2, ['user']],
    ["(?'a'x)(?P<b>y)(?:z)", 2, ['a', 'b']],
    ['^(?!/static/)(?=.*x).*(?<!\\.bak)$', 0, []],
    ['(?<=ab|c)d', 0, []],
    ['(?<=(?:ab){2}[cd])e', 0, []],
    ['a{2}b{2,}c{2,3}d*+e+?f??', 0, []],
    ['a{,2}b{x}c{', 0, []],
    ['[]a][^]a][a-z0-9_-][[:alpha:]-]', 0, []],
    ['[\\w.-]+@[\\]\\\\]', 0, []],
    ['(a)\\1\\g1\\g{-1}\\g{1}', 1, []],
    ['(?<n>a)\\k<n>\\k{n}(?P=n)(?&n)', 1, ['n']],
    ['\\x41\\x{41}\\101\\o{101}\\cA\\t\\Q.*(\\E', 0, []],
    ['\\p{L}\\P{Lu}\\p{greek}\\pN', 0, []],
    ['(?i)a(?-i:b)(?^:c)', 0, []],
    ['(?x) a # ( is none\n b', 0, []],
    ['(?|(a)|(b))(c)', 2, []],
    ['(?n)(a)(?<b>c)', 1, ['b']],
    ['(?(1)a|b)(c)', 1, []],
    ['(*UTF8)\\x{263A}[а-я]', 0, []],
    ['[а-яё]+', 0, []],
    ['(?#comment)a', 0, []],
  ])('%j has %d groups, named %j', (pattern, groups, names) => {
    expect(checkPattern(pattern)).toEqual({ groups, names });
  });
});

describe('a pattern that PCRE2 refuses', () => {
  test.each([
    ['(a', 'the ) of a group is missing'],
    ['a)', 'there is a ) without its ('],
    ['[a', 'the ] of a class is missing'],
    ['[]', 'the ] of a class is missing'],
    ['*.example.com', 'there is nothing in front of * to repeat'],
    ['a|+b', 'there is nothing in front of + to repeat'],
    ['a**', 'there is nothing in front of * to repeat'],
    ['a{3,2}', 'the numbers in {3,2} are out of order'],
    ['a{65536}', 'the number in {65536} is greater than 65535'],
    ['[z-a]', 'the range z-a is out of order'],
    ['[a-\\d]', 'a range goes from one character to another, not to or from a class'],
    ['[[:letter:]]', 'there is no class [:letter:]'],
    ['[:alpha:]', '[:alpha:] stands outside of a class'],
    ['a\\', 'there is nothing behind the \\ at the end'],
    ['\\y', '\\y has no meaning'],
    ['\\p{Nothing}', 'there is no property Nothing'],
    ['\\x{100}', '{100} is greater than a byte'],
    ['(a)\\2', 'there is no group 2'],
    ['\\k<a>', 'there is no group a'],
    ['(?<a>b)(?<a>c)', 'there are two groups named a'],
    ['(?|(?<a>b)|(?<c>d))', 'the group c has the number of the group a'],
    ['(?<>a)', 'the name of a group is empty'],
    ['(?<1a>b)', 'the name of a group starts with a digit: 1a'],
    ['(?<a b)', '> is missing behind the name a'],
    [`(?<${'a'.repeat(33)}>b)`, `the name of a group is longer than 32 characters: ${'a'.repeat(33)}`],
    ['(?<=a*)b', 'what a lookbehind matches must always have the same length'],
    ['(?<!a+|b)c', 'what a lookbehind matches must always have the same length'],
    ['(*nlb:a?)b', 'what a lookbehind matches must always have the same length'],
    ['(?(1)a|b|c)(d)', 'a condition has more than two alternatives'],
    ['(?y)', '(?y) starts no group that there is'],
    ['(*WORD)', '(*WORD) is no verb that there is'],
    ['(?#a', 'the ) behind the comment (?# is missing'],
    ['('.repeat(251) + ')'.repeat(251), 'groups are nested deeper than 250'],
  ])('%j: %s', (pattern, problem) => {
    expect(checkPattern(pattern)).toMatchObject({ problem });
  });
});

test('no pattern is thrown at', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (pattern) => {
      const result = checkPattern(pattern);
      expect('problem' in result ? result.problem : result.groups).toBeDefined();
    }),
    { numRuns: 3000 },
  );
});

test('long patterns are judged in time', () => {
  for (const piece of ['(a)', '[a]', '\\Q', '\\E', '(?#', '(?:a|', 'a{2}', '\\1', '(?i)', '[[:', '(?<a']) {
    const start = cpuTime();
    expect(checkPattern(piece.repeat(4096 / piece.length))).toBeDefined();
    expect(cpuTime() - start).toBeLessThan(1000);
  }
});
