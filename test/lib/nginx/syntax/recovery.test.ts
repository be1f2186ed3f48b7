import { describe, expect, test } from 'vitest';
import { parse } from '../../../../src/lib/nginx/syntax/parse.ts';
import { lossOf, outline, placesOf } from '../../../support/syntax.ts';

/** A broken text: the lines of it, the places of its problems, and what is read all the same. */
type Broken = readonly [what: string, lines: readonly string[], places: readonly string[], read: string];

const SEMICOLONS: readonly Broken[] = [
  ['at the end of the file', ['a b'], ['1:4 syntax/missing-semicolon'], 'a b;'],
  ['before a line end', ['a b', ''], ['1:4 syntax/missing-semicolon'], 'a b;'],
  ['before }', ['a { b c } d;'], ['1:8 syntax/missing-semicolon'], 'a { b c; } d;'],
  [
    'before } on the next line',
    ['server {', '    listen 80', '}'],
    ['2:14 syntax/missing-semicolon'],
    'server { listen 80; }',
  ],
  ['with CRLF', ['a {\r', '    b\r', '}\r', ''], ['2:6 syntax/missing-semicolon'], 'a { b; }'],
  ['before a comment and }', ['a { b # c', '}'], ['1:6 syntax/missing-semicolon'], 'a { b; }'],
  ['in a comment', ['a # b;'], ['1:2 syntax/missing-semicolon'], 'a;'],
  ['behind a quote and before }', ['a { b "c"}'], ['1:10 syntax/missing-semicolon'], 'a { b c; }'],
  [
    'twice',
    ['a { b }', 'c { d }'],
    ['1:6 syntax/missing-semicolon', '2:6 syntax/missing-semicolon'],
    'a { b; } c { d; }',
  ],
];

const BRACES: readonly Broken[] = [
  [
    'is missing at the end of the file',
    ['http {', '    server {', '        listen 80;', '    }', ''],
    ['4:6 syntax/missing-brace'],
    'http { server { listen 80; } }',
  ],
  [
    'is missing above a block that starts as far out',
    ['http {', '    server {', '        a;', '', '    server {', '        b;', '    }', '}', ''],
    ['3:11 syntax/missing-brace'],
    'http { server { a; } server { b; } }',
  ],
  [
    'is missing, with tabs',
    ['http {', '\tserver {', '\t\ta;', '\tserver {', '\t}', '}', ''],
    ['3:5 syntax/missing-brace'],
    'http { server { a; } server {  } }',
  ],
  [
    'is missing at once',
    ['events {', 'http {', '    a;', '}', ''],
    ['1:9 syntax/missing-brace'],
    'events {  } http { a; }',
  ],
  [
    'is missing twice',
    ['http {', '  server {', '    location / {', '      a;', '  server {', '    b;', '  }', '}'],
    ['4:9 syntax/missing-brace', '4:9 syntax/missing-brace'],
    'http { server { location / { a; } } server { b; } }',
  ],
  ['is missing in one line', ['a { b { c; }'], ['1:13 syntax/missing-brace'], 'a { b { c; } }'],
  [
    'is missing, where comments at the left edge tell nothing',
    ['http {', '    server {', '#       old;', '        a;', '    }', ''],
    ['5:6 syntax/missing-brace'],
    'http { server { #       old; a; } }',
  ],
  [
    'is missing in Lua code',
    ['location / {', '    content_by_lua_block {', '        x = { "}"', '    }', '}', ''],
    ['5:2 syntax/missing-brace'],
    'location / { content_by_lua_block {\n        x = { "}"\n    }\n} }',
  ],
  ['is too much alone', ['}'], ['1:1 syntax/unexpected'], '<}>'],
  [
    'is too much at the end',
    ['http {', '    a;', '}', '}', 'events { }'],
    ['4:1 syntax/unexpected'],
    'http { a; } <}> events {  }',
  ],
  [
    'is too much inside, where the indentation tells which',
    ['http {', '    server {', '        a;', '        }', '    }', '    b;', '}', ''],
    ['4:9 syntax/unexpected'],
    'http { server { a; <}> } b; }',
  ],
  ['is too much in one line', ['a { b; } } c;'], ['1:10 syntax/unexpected'], 'a { b; } <}> c;'],
  ['opens without a name', ['{ a; }'], ['1:1 syntax/unexpected'], ' { a; }'],
  ['opens without a name inside', ['a { { b; } }'], ['1:5 syntax/unexpected'], 'a {  { b; } }'],
  [
    'belongs to a variable that goes on',
    ['a ${b } c;'],
    ['1:6 syntax/missing-semicolon', '1:7 syntax/unexpected'],
    'a ${b; <}> c;',
  ],
];

const QUOTES: readonly Broken[] = [
  ['is not closed', ['a "b;', 'c d;', ''], ['1:3 syntax/unclosed-quote'], 'a b; c d;'],
  [
    'is not closed at the end of the file',
    ["a 'b"],
    ['1:3 syntax/unclosed-quote', '1:5 syntax/missing-semicolon'],
    'a b;',
  ],
  [
    'is not closed, as the one that should is escaped',
    ['a "b\\";', 'c;'],
    ['1:3 syntax/unclosed-quote'],
    'a b\\"; c;',
  ],
  [
    'is not closed several times',
    ['a "b;', "c 'd;", 'e f;', 'g "h {', '    i;', '}', ''],
    ['1:3 syntax/unclosed-quote', '2:3 syntax/unclosed-quote', '4:3 syntax/unclosed-quote'],
    'a b; c d; e f; g h { i; }',
  ],
  [
    'is not closed, and closes at one of the same kind that opens',
    ['a "b;', 'c "d e";', 'f "g;', 'h "";'],
    ['1:3 syntax/unclosed-quote', '3:3 syntax/unclosed-quote'],
    'a b; c d e; f g; h ;',
  ],
  ['has text behind it', ['a "b"c;', 'd;'], ['1:6 syntax/unexpected'], 'a bc; d;'],
  ['has another quote behind it', [`a 'b'"c";`], ['1:6 syntax/unexpected'], 'a b"c";'],
  ['has a comment behind it', ['a "b"#c', ';'], ['1:6 syntax/unexpected'], 'a b;'],
];

const OTHERS: readonly Broken[] = [
  ['a semicolon alone', [';'], ['1:1 syntax/unexpected'], '<;>'],
  ['two semicolons', ['a;;', 'b;'], ['1:3 syntax/unexpected'], 'a; <;> b;'],
  [
    'all in one pass',
    [
      'events { }',
      'http {',
      '    server {',
      '        root "a;',
      '        b;;',
      '        c "d"e;',
      '        f',
      '    }',
      '    }',
      '}',
      '}',
    ],
    [
      '4:14 syntax/unclosed-quote',
      '5:11 syntax/unexpected',
      '6:14 syntax/unexpected',
      '7:10 syntax/missing-semicolon',
      '9:5 syntax/unexpected',
      '11:1 syntax/unexpected',
    ],
    'events {  } http { server { root a; b; <;> c de; f; } <}> } <}>',
  ],
];

describe.each([
  ['a semicolon is missing', SEMICOLONS],
  ['a brace', BRACES],
  ['a quote', QUOTES],
  ['and', OTHERS],
])('%s', (_, table) => {
  test.each(table)('%s', (__, lines, places, read) => {
    const text = lines.join('\n');
    const document = parse(text);
    expect(placesOf(text)).toEqual(places);
    expect(outline(document.statements)).toBe(read);
    expect(lossOf(document)).toBeUndefined();
  });
});

describe('a problem says what was expected', () => {
  /** The first problem of a text, with what it says in other places. */
  function first(text: string) {
    const { problems } = parse(text);
    const { message, hint, related } = problems[0]!;
    return { message, hint, related };
  }

  test('where a semicolon is missing', () => {
    expect(first('server {\n  listen 80\n    default_server\n}')).toEqual({
      message: '; is missing behind listen 80',
      hint: 'end the directive listen with ;',
      related: undefined,
    });
  });

  test('where a brace is missing, with the line that opens the block', () => {
    expect(first('http {\n  server {\n    a;\n  location / {\n  }\n}\n')).toEqual({
      message: '} is missing here: the block of server that starts on line 2 is not closed',
      hint: 'close the block of server with }',
      related: { message: 'this { is never closed', start: 16 },
    });
  });

  test('where a brace is too much', () => {
    expect(first('a;\n}')).toMatchObject({ message: 'unexpected }: no block is open here' });
  });

  test('where a quote is not closed', () => {
    expect(first("a 'b;\nc;")).toEqual({
      message: "the quote ' is not closed",
      hint: "put ' where the text ends",
      related: undefined,
    });
  });

  test('where text stands behind a quote', () => {
    expect(first('a "b"c;')).toMatchObject({
      message: 'unexpected "c" behind the closing quote',
      hint: 'put a space behind the quote, or \\ before a " that belongs to the text',
    });
  });

  test('where a word is too long, and whether a quote may be the reason', () => {
    const long = 'x '.repeat(3000);
    expect(first(`a ${'x'.repeat(5000)};`)).toMatchObject({
      message: 'this word has 5000 bytes; NGINX reads at most 4095 in one piece',
      hint: 'split the value with variables (set or map)',
    });
    expect(first(`a "${long}";`).hint).toContain('a closing quote may be missing');
    expect(first(`# ${long}\na;`)).toMatchObject({ hint: 'break the comment into several lines' });
  });
});
