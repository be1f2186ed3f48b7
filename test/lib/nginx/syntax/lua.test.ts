import { describe, expect, test } from 'vitest';
import { parse } from '../../../../src/lib/nginx/syntax/parse.ts';
import { lossOf } from '../../../support/syntax.ts';

/** Code of the only directive; undefined where its block does not end where `code` does. */
function codeOf(code: string): string | undefined {
  const text = `content_by_lua_block {${code}} a;`;
  const document = parse(text);
  const [first, second] = document.statements;
  expect(lossOf(document)).toBeUndefined();
  if (document.problems.length > 0 || second?.kind !== 'directive' || second.name !== 'a') return undefined;
  return first?.kind === 'directive' ? first.code?.text : undefined;
}

describe('Lua code', () => {
  test.each([
    ['', 'nothing'],
    [' ngx.say("hi") ', 'a call'],
    [' if a then return { b = {} } end\n', 'braces in pairs'],
    [' ngx.say("}", \'{\', "\\"}", \'\\\'{\') ', 'braces in strings'],
    [' ngx.say("\\\\") local b = {} ', 'a backslash at the end of a string'],
    [' ngx.say([[ } " ]] .. [==[ } ]] ]=] ]==]) ', 'braces in long strings'],
    [' -- } it\'s "\n a() ', 'braces and quotes in a comment'],
    [' --[[ } \n { " ]] a() --[==[ ]] } ]==] ', 'braces in long comments'],
    [' a[b[1]] = #c -- [[ }\n', 'brackets that start no string'],
    [' a = "b\n c = "}"\n', 'a quote that is not closed on its line'],
    [" -- don't }\n it's\n", 'an apostrophe'],
    [' a = "\\"', 'an open string at the end'],
  ])('%j ends with its block: %s', (code) => {
    expect(codeOf(code)).toBe(code);
  });

  test.each([
    [' } ', 'a brace too many'],
    [' { ', 'a brace too few'],
    [' [[ ', 'an open long string'],
    [' --[[ ', 'an open long comment'],
    [' -- ', 'a comment that swallows the brace'],
    [' a = "b\\\n}" c = {\n', 'a brace behind a line end that a backslash cannot guard'],
  ])('%j does not: %s', (code) => {
    expect(codeOf(code)).not.toBe(code);
  });

  test('is told from blocks of directives by the name alone', () => {
    const { statements, problems } = parse(
      'init_by_lua_block { a = "{" }\nset_by_lua_block $b { return "}" }\ncontent_by_lua "{";\nby_lua { c; }',
    );
    expect(problems).toEqual([]);
    expect(
      statements.map((s) => (s.kind === 'directive' ? (s.code?.text ?? s.block?.statements.length) : s)),
    ).toEqual([' a = "{" ', ' return "}" ', undefined, 1]);
  });
});
