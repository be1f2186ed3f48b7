import { describe, expect, test } from 'vitest';
import { hasEndlessWays } from '../../../../src/lib/lint/regex/ambiguity.ts';
import { automatonOf } from '../../../../src/lib/lint/regex/automaton.ts';
import { readPattern } from '../../../../src/lib/lint/regex/read.ts';
import { matchAll } from '../../../support/pcre.ts';
import { without } from '../../../support/tools.ts';

function isEndless(pattern: string): boolean {
  const automaton = automatonOf(readPattern(pattern).root);
  return automaton !== undefined && hasEndlessWays(automaton);
}

/** Expressions with a text that nearly matches, and has the last letter, without which PCRE does not even start. */
const ENDLESS: readonly (readonly [pattern: string, text: string])[] = [
  ['^/(a+)+$', `/${'a'.repeat(60)}!`],
  ['^/(a*)*$', `/${'a'.repeat(60)}!`],
  ['^/((a|b)+c?)+$', `/${'ab'.repeat(30)}!`],
  [String.raw`^/((\w+)-?)+\.html$`, `/${'a'.repeat(60)}.htmlx`],
  ['^/([a-z]+/?)+/end$', `/${'a'.repeat(60)}/endx`],
  ['^/(?:[^/]+/*)*x$', `/${'a'.repeat(60)}xb`],
  [String.raw`^(\w|\d)+bot$`, `${'1'.repeat(60)}bot!`],
  ['^([a-z]|[a-f0-9])*!$', `${'a'.repeat(60)}!a`],
  ['^(a|aa)+$', `${'a'.repeat(60)}!`],
  [String.raw`^/(.|x)*\.php$`, `/${'x'.repeat(60)}.phpx`],
  [String.raw`^(([a-z0-9])+.)+[a-z]+\.example\.com$`, `${'a'.repeat(60)}.example.comx`],
  ['^(a?b?)*c$', `${'ab'.repeat(30)}cd`],
  ['^(?:(?:x+)y?){2,}z$', `${'x'.repeat(60)}za`],
];

const ONE_WAY: readonly (readonly [pattern: string, text: string])[] = [
  ['^/([^/]+/)*file$', `/${'a/'.repeat(60)}`],
  ['^/(?:/[a-z]+)+$', `/${'/a'.repeat(60)}!`],
  [String.raw`^/(\d+)(-\d+)*$`, `/1${'-1'.repeat(60)}!`],
  ['^(?:[a-z]+ )+bot$', 'a '.repeat(60)],
  ['^(?:[a-z]+[0-9]+)*!$', 'a1'.repeat(60)],
  [String.raw`^(?:[a-z0-9-]+\.)+example\.com$`, 'a.'.repeat(60)],
  ['^/(a|b)+$', `/${'ab'.repeat(60)}!`],
  ['^/(?:ab|ac)*$', `/${'abac'.repeat(30)}!`],
  ['^/((?:a|b)c)*$', `/${'acbc'.repeat(30)}!`],
  // once the loop has been left, the match cannot fail
  ['^/(a+)+', `/${'a'.repeat(60)}!`],
  ['^/([a-z]+/?)*.*', `/${'a'.repeat(60)}!`],
];

test.each(ENDLESS)('%s has endless ways', (pattern) => {
  expect(isEndless(pattern)).toBe(true);
});

test.each(ONE_WAY)('%s has one way', (pattern) => {
  expect(isEndless(pattern)).toBe(false);
});

test('what gives nothing back, or looks around, is left alone', () => {
  expect(['^/(?>a+)+$', '^/(a++)+$', '^(?=a)(a+)+$', String.raw`^(a)(\1+)+$`].map(isEndless)).not.toContain(
    true,
  );
});

test('a large expression is left alone', () => {
  expect(isEndless(`^(${'(a|b)'.repeat(5000)})+$`)).toBe(false);
});

describe.skipIf(without('pcre2test'))('PCRE2 gives up', () => {
  test('on each that has endless ways, and on no other', () => {
    const answers = matchAll([...ENDLESS, ...ONE_WAY]);
    const failed = [...ENDLESS, ...ONE_WAY].filter((_, index) => answers[index] === 'failed');
    expect(failed.map(([pattern]) => pattern)).toEqual(ENDLESS.map(([pattern]) => pattern));
  });
});
