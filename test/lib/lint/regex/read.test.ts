import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { automatonOf, matches } from '../../../../src/lib/lint/regex/automaton.ts';
import { charactersIn, holds } from '../../../../src/lib/lint/regex/characters.ts';
import {
  canBeEmpty,
  groupCharacters,
  groupsNamed,
  isAnchoredAtEnd,
  isAnchoredAtStart,
  literalPrefix,
  literalSuffix,
  longestOf,
  standsBehind,
  startsText,
} from '../../../../src/lib/lint/regex/questions.ts';
import { readPattern } from '../../../../src/lib/lint/regex/read.ts';
import { checkPattern } from '../../../../src/lib/nginx/regex/pattern.ts';
import { pattern } from '../../../support/patterns.ts';
import { matchAll } from '../../../support/pcre.ts';
import { without } from '../../../support/tools.ts';
import { cpuTime } from '../../../support/cpu-time.ts';

const PRINTED = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

function held(text: string, group: number | string, caseless = false): string {
  const set = groupCharacters(readPattern(text, caseless), group);
  return PRINTED.filter((char) => holds(set, char)).join('');
}

describe('characters of a group', () => {
  test.each([
    ['^/([a-c]+)/', 1, 'abc'],
    ['^/([^/]+)/(x|yz)$', 2, 'xyz'],
    [String.raw`(\d{2})`, 1, '0123456789'],
    ['(?<id>[0-2])', 'id', '012'],
    ["(?'id'[0-2])", 'id', '012'],
    ['(?:a)(?=c)(b)', 1, 'b'],
    [String.raw`(a)(\1b)`, 2, 'ab'],
    ['(a)', 2, ''],
    [String.raw`(\Qa.\Eb)`, 1, '.ab'],
    ['(?x)( a # no (b)\n c )', 1, 'ac'],
    ['(?|(a)|(b))(c)', 1, 'ab'],
    ['(?n)(a)(?<x>b)', 1, 'b'],
    [String.raw`([\x61-\x63\]-])`, 1, '-]abc'],
    ['([]a])', 1, ']a'],
    ['([[:digit:]])', 1, '0123456789'],
    [String.raw`(\/\.)`, 1, './'],
    ['(a(b(c)))', 2, 'bc'],
    ['(?(?=a)(b)|(c))', 1, 'b'],
  ])('%s, group %s', (text, group, expected) => {
    expect([...held(text, group)].toSorted()).toEqual([...expected].toSorted());
  });

  test('small and capital letters are one where the match does not tell them apart', () => {
    expect(held('(a)', 1, true)).toBe('Aa');
    expect(held('(?i)([b-c])', 1)).toBe('BCbc');
    expect(held('(?i:a)(b)', 1)).toBe('b');
    expect(held('a(?i)b|(c)', 1)).toBe('Cc');
  });

  test('a dot takes a carriage return, and a line feed only where it is told to', () => {
    expect(held('(.)', 1)).toContain('\r');
    expect(held('(.)', 1)).not.toContain('\n');
    expect(held('(?s)(.)', 1)).toContain('\n');
    expect(held('([^/])', 1)).toContain('\n');
    expect(held(String.raw`(\D)`, 1)).toContain('\n');
    expect(held(String.raw`(\p{L})`, 1)).not.toContain('\n');
    expect(held(String.raw`([^\p{L}])`, 1)).toContain('\n');
    expect(held('((?R))', 1)).toContain('\n');
  });
});

test.each([
  ['^/a$', true, true],
  ['/a', false, false],
  ['^a|b$', false, false],
  ['^(?:a|b)$', true, true],
  [String.raw`(?:^a|\Ab)\z`, true, true],
  ['(?m)^a$', false, false],
  ['(?=x)^a', true, false],
  ['(^)?a', false, false],
  [String.raw`\^a\$`, false, false],
  ['(?:/|$)', false, false],
])('%s is anchored at the start: %s, at the end: %s', (text, start, end) => {
  expect([isAnchoredAtStart(readPattern(text)), isAnchoredAtEnd(readPattern(text))]).toEqual([start, end]);
});

test('the text at the start and at the end', () => {
  expect(literalPrefix(readPattern(String.raw`^/a\.(b|c)`))).toBe('/a.');
  expect(literalPrefix(readPattern('^/Ab', true))).toBe('/ab');
  expect(literalPrefix(readPattern('[a]b?'))).toBe('a');
  expect(literalPrefix(readPattern('a|b'))).toBe('');
  expect(literalSuffix(readPattern(String.raw`(.*)\.php$`))).toBe('.php');
  expect(literalSuffix(readPattern('(?:x(?:yz))$'))).toBe('xyz');
});

test('what can be empty', () => {
  const empty = (text: string) => canBeEmpty(readPattern(text).root);
  expect(['', 'a*', '(a|)', '^$', 'a?b*', '(?=a)'].map(empty)).not.toContain(false);
  expect(['a', 'a+', '(a|b)', '^/', 'a?b'].map(empty)).not.toContain(true);
});

test('how many characters are taken at most', () => {
  const longest = (text: string) => longestOf(readPattern(text).root);
  expect(
    ['', 'ab?', '(a|bcd){2}', '^(?=abc)d$', 'a+', '(a*)(b)', '()*', String.raw`(a)\1`].map(longest),
  ).toEqual([0, 2, 6, 1, Infinity, Infinity, 0, Infinity]);
});

test('where a group stands', () => {
  const behind = (text: string) => standsBehind(readPattern(text), 1, charactersIn('/'));
  expect(['^/a/(.*)', '/(.*)', '(?:/|^a/)(b)', '/(?:x/)*(b)', '/(?=b)(b)'].map(behind)).not.toContain(false);
  expect(['^/a(.*)', '(.*)', '/x?(b)', '(?:/x)*(b)', '^(/.*)', '(?:/|y)(b)'].map(behind)).not.toContain(true);
  const starts = (text: string) => startsText(readPattern(text), 1);
  expect(['^(.*)$', '(.*)', '^(?:(a)b)', '(.*).html$', '(?=a)^(a)'].map(starts)).not.toContain(false);
  expect(['^/(.*)', '(a)', '(?:x|(.*))', 'a(.*)', '([a-z]*)'].map(starts)).not.toContain(true);
});

test('what PCRE refuses is known to be broken', () => {
  expect(
    ['(', ')', 'a**', '[a', '(?<a', String.raw`\y`, '*a', 'a{2,1}'].map((one) => readPattern(one).broken),
  ).not.toContain(false);
});

test('any text is read', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), pattern), (text) => {
      const read = readPattern(text);
      groupCharacters(read, 1);
      isAnchoredAtStart(read);
      literalSuffix(read);
      automatonOf(read.root);
    }),
    { numRuns: 3000 },
  );
});

test('time grows with the length', () => {
  const pieces = [
    '(',
    '(?#',
    '[',
    '[^',
    String.raw`\Q`,
    '(?<a>',
    '(a|',
    '(?x)#',
    'a{1',
    '(?|(a)|',
    '(*',
    String.raw`\g{`,
    '[[:',
    '()',
    String.raw`(\1)`,
  ];
  for (const piece of pieces) {
    const started = cpuTime();
    const read = readPattern(piece.repeat(60_000));
    groupCharacters(read, 1);
    canBeEmpty(read.root);
    isAnchoredAtEnd(read);
    expect(cpuTime() - started).toBeLessThan(1500);
  }
});

test('groups have the numbers and names that the checker of nginx/ finds', () => {
  const differing = [...new Set(fc.sample(pattern, 4000))].filter((text) => {
    const checked = checkPattern(text);
    if ('problem' in checked) return false;
    const { count, names, broken } = readPattern(text);
    return (
      broken ||
      count !== checked.groups ||
      [...names.keys()].toSorted().join() !== checked.names.toSorted().join()
    );
  });
  expect(differing).toEqual([]);
});

describe.skipIf(without('pcre2test'))('as PCRE2 has it', () => {
  const text = fc
    .array(fc.constantFrom(...'abzABZ10.^$/=,:!<_-] \n\r\té'.split('')), { maxLength: 6 })
    .map((all) => all.join(''));
  const PIECES =
    String.raw`a b / . .* .+? [^/] [^/]+ \d \w+ \. [ab]* ^ $  | (?: ( ( ) ) ) )? )+ )* ){1,2} (?=a) `.split(
      ' ',
    );
  const usual = fc
    .array(fc.constantFrom(...PIECES), { minLength: 2, maxLength: 10 })
    .map((all) => all.join(''));
  const short = fc
    .array(fc.constantFrom('a', 'b', '/', '.', '1', '\n', '\r'), { maxLength: 7 })
    .map((all) => all.join(''));
  // what stands for a part of all characters is not told exactly, and neither are verbs
  const VAGUE = /\\[KpPX]|\(\*|\(\?xx/u;
  const cases = [
    ...fc.sample(fc.tuple(pattern, text), 6000),
    ...fc.sample(fc.tuple(usual, short), 12_000),
  ].filter(([one]) => !('problem' in checkPattern(one)) && !VAGUE.test(one));
  const found = (): [pattern: string, text: string, found: readonly (string | undefined)[] | undefined][] => {
    const answers = matchAll(cases);
    return cases.flatMap(([one, subject], index) => {
      const answer = answers[index];
      return answer === 'failed' ? [] : [[one, Buffer.from(subject).toString('latin1'), answer]];
    });
  };

  test('a group holds only what it can', () => {
    const values = found().flatMap(([one, , groups = []]) =>
      groups.flatMap((value, number) =>
        number === 0 || value === undefined ? [] : [{ one, number, value }],
      ),
    );
    expect(values.length).toBeGreaterThan(100);
    const wrong = values.filter(({ one, number, value }) => {
      const read = readPattern(one);
      if (value === '') return !groupsNamed(read, number).some(({ inner }) => canBeEmpty(inner));
      return (charactersIn(value) & ~groupCharacters(read, number)) !== 0n;
    });
    expect(wrong).toEqual([]);
  });

  test('an automaton finds what there is', () => {
    const compared = found().flatMap(([one, subject, groups]) => {
      const automaton = automatonOf(readPattern(one).root);
      return automaton
        ? [{ one, subject, ours: matches(automaton, subject), theirs: groups !== undefined }]
        : [];
    });
    expect(compared.length).toBeGreaterThan(1000);
    expect(compared.filter(({ ours, theirs }) => ours !== theirs)).toEqual([]);
  });
});
