import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { format } from '../../../../src/lib/nginx/format/format.ts';
import { saysTheSame } from '../../../../src/lib/nginx/format/same.ts';
import { parse } from '../../../../src/lib/nginx/syntax/parse.ts';
import { meaningOf } from '../../../support/meaning.ts';

function holds(text: string, step: string): void {
  const formatted = format(text, step).text;
  expect(meaningOf(formatted)).toEqual(meaningOf(text));
  expect(format(formatted, step).text).toBe(formatted);
}

const step = fc.constantFrom('    ', '  ', '\t', ' '.repeat(16));

const lineEnd = fc.constantFrom('\n', '\r\n');
const blank = fc.constantFrom(' ', '  ', '\t', '\n', '\r\n', '\n\n\n', '\r', ' \n  ');
const comment = fc
  .tuple(fc.stringMatching(/^#[ -~\t\r]{0,12}$/u), lineEnd)
  .map(([text, end]) => `${text}${end}`);
const bare = fc
  .array(
    fc.constantFrom(
      'a',
      'map',
      '$b',
      '${c}',
      '#',
      "'",
      '"',
      '\\;',
      '\\ ',
      '\\{',
      ')',
      '(',
      '=',
      '}',
      'é',
      '日本',
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((pieces) => `w${pieces.join('')}`);
const quoted = fc
  .tuple(
    fc.constantFrom('"', "'"),
    fc.array(
      fc.constantFrom(
        'a',
        ' ',
        '\n',
        '\r\n',
        ';',
        '{',
        '}',
        '#',
        '\\\\',
        '\\n',
        '$x',
        '${y}',
        'long '.repeat(20),
      ),
    ),
  )
  .map(([quote, pieces]) => quote + pieces.join('') + quote);
const name = fc.constantFrom('server', 'map', 'types', 'log_format', 'geo', 'listen', '"quoted"');
const separator = fc
  .tuple(blank, fc.option(fc.tuple(comment, blank), { freq: 5, nil: undefined }))
  .map(([first, more]) => first + (more ?? []).join(''));
const head = fc
  .tuple(
    name,
    fc.array(
      fc.tuple(
        separator,
        fc.oneof(
          bare,
          quoted,
          quoted.map((word) => `${word})`),
        ),
      ),
      { maxLength: 12 },
    ),
    fc.oneof(fc.constant(''), separator),
  )
  .map(([first, words, end]) => first + words.flat().join('') + end);
const lua = fc
  .tuple(separator, fc.constantFrom('{}', '{ return "}" }', '{\n  -- }\n\n\n\tx = {} \n}', '{ [[ \r\n} ]] }'))
  .map(([between, code]) => `content_by_lua_block${between}${code}`);
const { statements } = fc.letrec<{ statements: string; statement: string }>((tie) => ({
  statement: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    head.map((text) => `${text};`),
    comment,
    lua,
    fc.tuple(head, tie('statements')).map(([text, inner]) => `${text}{${inner}}`),
  ),
  statements: fc
    .array(fc.tuple(fc.oneof(fc.constant(''), blank), tie('statement'), fc.oneof(fc.constant(''), blank)), {
      maxLength: 6,
    })
    .map((list) => list.flat().join('')),
}));

describe('a file says the same when it is formatted, and formatting it again changes nothing', () => {
  test('generated trees', () => {
    let read = 0;
    fc.assert(
      fc.property(statements, step, (text, step) => {
        if (parse(text).problems.length === 0) read++;
        holds(text, step);
      }),
      { numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(1500);
  });

  test('any pieces of the language in any order', () => {
    const piece = fc.constantFrom(
      'a',
      ' b',
      ';',
      ';',
      ' {',
      '}',
      '\n',
      ' ',
      '"c d"',
      "'",
      '"',
      '# e\n',
      ' #',
      '\\',
      '$',
      '${',
      '\r',
      '\r\n',
      '\t',
      '(',
      ')',
      ' x_by_lua_block {',
      'map m{',
      'k ',
      '[[',
      'é',
      '\u00a0',
      '\u2028',
      '\ufeff',
      '\0',
    );
    let read = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), step, (pieces, step) => {
        const text = pieces.join('');
        if (parse(text).problems.length === 0) read++;
        holds(text, step);
      }),
      { numRuns: 10_000 },
    );
    expect(read).toBeGreaterThan(500);
  });

  test('any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => holds(text, '    ')),
      { numRuns: 2000 },
    );
  });
});

describe('the guard of the meaning sees', () => {
  const text = 'a b "c d"; # e\nx_by_lua_block { f }\nmap g { h i; }\n';
  test.each([
    ['white space alone', 'a   b\t"c d" ;# e \t\r\n\nx_by_lua_block{ f }map g{\th\ni;}', true],
    ['a word that went', text.replace(' b', ''), false],
    ['two words that became one', text.replace('a b', 'ab'), false],
    ['another quote', text.replace('"c d"', "'c d'"), false],
    ['white space in quotes', text.replace('c d', 'c  d'), false],
    ['a comment that changed', text.replace('# e', '# f'), false],
    ['a word that became a comment', text.replace('h i', 'h #i\n'), false],
    ['a comment that swallowed more', text.replace('e\n', 'e'), false],
    ['white space in a program', text.replace('{ f', '{  f'), false],
    ['a block that ends elsewhere', text.replace('i; }', 'i; { }'), false],
    ['more at the end', `${text}j;`, false],
  ])('%s', (_, other, same) => {
    expect(saysTheSame(text, other)).toBe(same);
    expect(saysTheSame(other, text)).toBe(same);
  });
});
