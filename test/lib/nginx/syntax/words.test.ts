import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../../../src/lib/nginx/syntax/parse.ts';
import { positions } from '../../../../src/lib/nginx/syntax/position.ts';
import { nginxReader } from '../../../support/nginx-reading.ts';
import { outline } from '../../../support/syntax.ts';
import { without } from '../../../support/tools.ts';

/** Values of the words of the first directive. */
function words(text: string): string[] {
  const [statement] = parse(text).statements;
  return statement?.kind === 'directive' ? statement.words.map(({ value }) => value) : [];
}

describe('words', () => {
  test.each([
    ['a b;', ['a', 'b']],
    ['  a\tb\r\nc\rd ;', ['a', 'b', 'c', 'd']],
    [`a "b c" 'd e';`, ['a', 'b c', 'd e']],
    [`a "" '';`, ['a', '', '']],
    [`a "it's" 'say "hi"';`, ['a', "it's", 'say "hi"']],
    [String.raw`a "\"" '\'' \" \';`, ['a', '"', "'", '"', "'"]],
    [String.raw`a "\\" \\ b\\c;`, ['a', '\\', '\\', 'b\\c']],
    [String.raw`a "\t\r\n" \t\r\n;`, ['a', '\t\r\n', '\t\r\n']],
    [String.raw`a \. "\." \d+\.php$ \$ \{ \}`, ['a', '\\.', '\\.', '\\d+\\.php$', '\\$', '\\{', '\\}']],
    [String.raw`a b\ c \; d\;e;`, ['a', 'b\\ c', '\\;', 'd\\;e']],
    ['a b\\\nc;', ['a', 'b\\\nc']],
    ['a "b\\\nc" "d\ne";', ['a', 'b\\\nc', 'd\ne']],
    ['a ${b} x${c}y $d{ }', ['a', '${b}', 'x${c}y', '$d']],
    ['a ${{b $${c} ;', ['a', '${{b', '$${c}']],
    ['a b"c" d\'e f# g#h;', ['a', 'b"c"', "d'e", 'f#', 'g#h']],
    ['a b}c {}', ['a', 'b}c']],
    ['a # b "c;\n d;', ['a', 'd']],
    ['a "b")c;', ['a', 'b', ')c']],
    [`if ($a = "b") { }`, ['if', '($a', '=', 'b', ')']],
    ['\uFEFFa b;', ['\uFEFFa', 'b']],
    ['a \0b \u00E9 \u00A0 \v;', ['a', '\0b', '\u00E9', '\u00A0', '\v']],
    ['a "b;c{d}e#f";', ['a', 'b;c{d}e#f']],
    ['"a b" c;', ['a b', 'c']],
  ])('of %j are %j', (text, expected) => {
    expect(words(text)).toEqual(expected);
    expect(parse(text).problems.filter(({ rule }) => !rule.startsWith('syntax/missing'))).toEqual([]);
  });

  test('keep their place and how they were written', () => {
    const [statement] = parse(` a 'b c' "d" e\\;;`).statements;
    const found = statement?.kind === 'directive' ? statement.words : [];
    expect(found.map(({ start, raw }) => `${start} ${raw}`)).toEqual(['1 a', "3 'b c'", '9 "d"', '13 e\\;']);
  });

  test('comments may stand anywhere between them', () => {
    const text = '# 1\na # 2\n  b# no\n  # 3\n; # 4\nc # 5\n{ # 6\n} # 7';
    const { statements, problems } = parse(text);
    expect(problems).toEqual([]);
    expect(outline(statements)).toBe('# 1 a b# no; # 4 c { # 6 } # 7');
    expect(statements.map((s) => (s.kind === 'directive' ? s.comments?.map((c) => c.text) : s.kind))).toEqual(
      ['comment', ['# 2', '# 3'], 'comment', ['# 5'], 'comment'],
    );
  });

  test('a comment ends with its line, whose carriage return is none of it', () => {
    const { statements } = parse('# a \r\n# b\rc\r\n# d\r');
    expect(outline(statements)).toBe('# a  # b\rc # d');
  });
});

describe.skipIf(without('nginx'))('as NGINX reads', () => {
  const reader = nginxReader();

  test('words of any characters have the same values', async () => {
    const { values } = await reader;
    const piece = fc.oneof(
      fc.constantFrom('\\', '"', "'", '\\"', "\\'", '\\\\', '\\n', '\\t', '\\r', '\\$', '\\ ', '\\;', '\\\n'),
      fc.constantFrom(
        '$',
        '${',
        '${a}',
        '{',
        '}',
        ';',
        ' ',
        '#',
        '(',
        ')',
        '\n',
        '\r\n',
        '\t',
        '\r',
        'a',
        '.',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
    );
    const word = fc.tuple(fc.constantFrom('', '"', "'"), fc.array(piece, { maxLength: 8 })).map(
      // a surrogate without the other is no character that could be written
      ([quote, pieces]) => quote + pieces.join('').toWellFormed() + quote,
    );
    const whole = fc
      .sample(word, 12_000)
      // as messages tell values, these could not be told apart
      .filter((text) => !text.includes('nginx:') && text !== 'include')
      .filter((text) => {
        const { statements, problems } = parse(`${text} a;`);
        const [first] = statements;
        return (
          problems.length === 0 &&
          statements.length === 1 &&
          first?.kind === 'directive' &&
          first.words.length === 2 &&
          first.words[0]!.raw === text
        );
      });
    expect(whole.length).toBeGreaterThan(3000);
    const own = whole.map((text) => words(`${text};`)[0]);
    const theirs: string[] = [];
    // each extension is compared with all that came before
    for (let at = 0; at < whole.length; at += 1000) theirs.push(...values(whole.slice(at, at + 1000)));
    const differing = whole.filter((_, index) => theirs[index] !== own[index]);
    expect(differing).toEqual([]);
  });

  test('texts are refused for the same reason, on the same line', async () => {
    const { refusal } = await reader;
    const piece = fc.oneof(
      fc.constantFrom('a', 'b', ' ', '\n', ';', '"', "'", '#', '\\', '$', '${', ')', '\r', '\t'),
      fc.constantFrom('"c"', "'d'", '# e\n', '"f g";', 'h;\n', 'x}', '\\"', '\r\n', ';\n', ' '),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
        // what comes behind a brace that closes the block around it is another matter
        const text = pieces.join('').split('}')[0]!;
        const { problems, statements } = parse(`types {\n${text}\n}`);
        const [first] = problems;
        const inner = statements[0]?.kind === 'directive' ? statements[0].block!.statements : [];
        const block = inner.find((statement) => statement.kind === 'directive' && statement.block);
        const theirs = refusal(text);
        expect(first === undefined && block === undefined).toBe(theirs === undefined);
        if (first === undefined || block || theirs?.line === undefined) return;
        const line = positions(`types {\n${text}`)(first.start).line - 1;
        // NGINX sees only at the next word, or at the end, what was missing before
        expect(line).toBeLessThanOrEqual(theirs.line);
      }),
      { numRuns: 400 },
    );
  });

  describe('words and comments as long as its buffer', () => {
    const lengths = [4093, 4094, 4095, 4096, 4097];
    const kinds: Readonly<Record<string, (length: number) => string>> = {
      'a bare word': (length) => 'a'.repeat(length),
      'a quoted word': (length) => `"${'a'.repeat(length - 2)}"`,
      "a word in '": (length) => `'${'a'.repeat(length - 2)}'`,
      'a word of two bytes a character': (length) => '\u00E9'.repeat(length / 2) + 'a'.repeat(length % 2),
      'a comment': (length) => `#${'a'.repeat(length - 1)}\nb`,
      'a comment with a carriage return': (length) => `#${'a'.repeat(length - 1)}\r\nb`,
    };

    test.each(Object.keys(kinds))('%s', async (kind) => {
      const { refusal } = await reader;
      const cases = lengths.flatMap((length) =>
        ['', '\n'.repeat(4000)].flatMap((before) =>
          [';', ' ;', '\n;', ' b;', '\r\n\r\n;'].map((behind) => before + kinds[kind]!(length) + behind),
        ),
      );
      const outcomes = cases.map((text) => {
        const problem = parse(text).problems[0];
        const theirs = refusal(text);
        const own = problem && `${problem.rule} ${positions(text)(problem.start).line}`;
        return [own, theirs && `syntax/too-long ${theirs.line}`, text.slice(-5)];
      });
      expect(outcomes.filter(([own]) => own === undefined).length).toBeGreaterThan(10);
      expect(outcomes.filter(([own]) => own !== undefined).length).toBeGreaterThan(10);
      expect(outcomes.filter(([own, theirs]) => own !== theirs)).toEqual([]);
    });
  });
});
