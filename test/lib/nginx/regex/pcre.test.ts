import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPattern } from '../../../../src/lib/nginx/regex/pattern.ts';
import { pattern } from '../../../support/patterns.ts';
import { compileAll } from '../../../support/pcre.ts';
import { without } from '../../../support/tools.ts';

const soup = fc
  .array(fc.constantFrom(..."()[]{}?*+|\\^$.-<>=!:PQEkgxa1,#'".split(''), '(?', '(?<', '(*', '\\Q', '[:'), {
    maxLength: 8,
  })
  .map((all) => all.join(''));

/** A pattern behind which a lookbehind looks; verbs that end it there and then are no use in one. */
const behind = fc
  .tuple(fc.constantFrom('(?<=', '(?<!', '(?<=a|'), pattern)
  .map(([open, inner]) => `${open}${inner})`)
  .filter((text) => !/\(\*(?:F|FAIL|ACCEPT)\)/u.test(text));

describe.skipIf(without('pcre2test'))('regular expressions are judged as PCRE2 judges them', () => {
  test.each([
    ['made of what there is', pattern, 6000],
    ['in a lookbehind', behind, 4000],
    ['of signs in any order', soup, 4000],
  ])('%s', (_, patterns, count) => {
    const all = [...new Set(fc.sample(patterns, count))];
    const compiled = compileAll(all);
    expect(compiled.filter(({ problem }) => problem === undefined).length).toBeGreaterThan(count / 20);
    expect(compiled.filter(({ problem }) => problem !== undefined).length).toBeGreaterThan(count / 20);
    const differing = all.flatMap((text, index) => {
      const own = checkPattern(text);
      const theirs = compiled[index]!;
      if ('problem' in own) return theirs.problem === undefined ? [[text, `ours: ${own.problem}`]] : [];
      // only the newest versions refuse this
      if (theirs.problem?.startsWith('\\K is not allowed')) return [];
      if (theirs.problem !== undefined) return [[text, `theirs: ${theirs.problem}`]];
      const same =
        own.groups === theirs.groups && own.names.toSorted().join() === theirs.names!.toSorted().join();
      return same ? [] : [[text, own.groups, own.names, theirs.groups, theirs.names]];
    });
    expect(differing).toEqual([]);
  });
});
