import fc from 'fast-check';

const NAMES = fc.constantFrom('a', 'b', 'n1', '_x', 'name', 'A'.repeat(32));
const NUMBER = fc.constantFrom('0', '1', '2', '3', '9', '10', '12', '255', '65535', '65536', '007');

/** Formats with holes: `%` is a pattern, `@` a name, `0` a number. */
function filled(formats: readonly string[], inner: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...formats), inner, inner, NAMES, NUMBER)
    .map(([format, one, two, name, number]) => {
      let first = true;
      return format.replaceAll(/[%@0]/gu, (hole) => {
        if (hole === '@') return name;
        if (hole === '0') return number;
        [first] = [false, first];
        return one === two || !first ? one : two;
      });
    });
}

const CHARACTERS = 'a b z - . ^ $ / = , : ! < > # _ 1 8 } ] é \n % "'.split(' ').concat(' ');
const ESCAPES =
  "\\d \\w \\S \\h \\V \\N \\R \\X \\b \\B \\A \\z \\Z \\G \\K \\C \\. \\/ \\- \\] \\n \\t \\e \\a \\f \\x41 \\x{41} \\x{fff} \\x{} \\x \\07 \\101 \\377 \\400 \\8 \\o{101} \\o{9} \\cA \\c \\p{L} \\pL \\p{Lu} \\P{^Greek} \\p{None} \\p \\Q.*\\E \\Qab \\E \\u0041 \\L \\l \\U \\N{3} \\N{U+41} \\y \\i \\_ \\é \\1 \\2 \\11 \\g1 \\g{-1} \\g{+1} \\g{a} \\g<a> \\g'1' \\k<a> \\k{b} \\k'a' \\g \\k \\k<> \\g{0}".split(
    ' ',
  );
const MEMBERS =
  'a z 0 9 - ^ [ ] . \\] \\- \\\\ \\d \\w \\s \\b \\n \\x41 \\x{100} \\101 \\Q-]\\E a-z 0-9 z-a a-\\d \\d-z [:alpha:] [:^digit:] [:none:] [.a.] [=a=] [: \\p{L} \\p{x} \\R \\B \\X \\N \\g \\k \\c] \\q é'.split(
    ' ',
  );
const QUANTIFIERS = '* + ? *? ++ ?+ {2} {2,} {,2} {2,3} {3,2} {0} {2}? {1,2}+ {65536} {a} { {2'.split(' ');
const GROUPS = [
  '(%)',
  '(?:%)',
  '(?>%)',
  '(?|%|%)',
  '(?=%)',
  '(?!%)',
  '(?<=%)',
  '(?<!%)',
  '(?<@>%)',
  "(?'@'%)",
  '(?P<@>%)',
  '(?i)%',
  '(?i:%)',
  '(?x) % # c\n',
  '(?x:% )',
  '(?-i:%)',
  '(?^i:%)',
  '(?^-i)',
  '(?i-x-s)',
  '(?J)',
  '(?U)%',
  '(?q)',
  '(?xx)[a b]',
  '(?n)(%)',
  '(?n:(%))(%)',
  '(?R)',
  '(?0)',
  '(?00)',
  '(?-0)',
  '(?+1)',
  '(?&@)',
  '(?P>@)',
  '(?P=@)',
  '(?(0)%|%)',
  '(?(<@>)%)',
  "(?('@')%|%)",
  '(?(R)%)',
  '(?(DEFINE)%)',
  '(?(?=%)%|%)',
  '(?(0)%|%|%)',
  '(?(VERSION>=0)%)',
  '(?(VERSION>=10.0)%|%)',
  '(?#%)',
  '(?# c)%',
  '(?C)%',
  '(?C0)%',

  '(*FAIL)',
  '(*F)',
  '(*COMMIT)',
  '(*MARK:@)',
  '(*:@)',
  '(*SKIP:@)',
  '(*MARK)',
  '(*pla:%)',
  '(*nlb:%)',
  '(*atomic:%)',
  '(*bad)',
  '(*UTF8)%',
  '(*UCP)%',
  '()',
  '(',
  ')',
  '(?',
  '(?<',
  '(?<@',
  '(?<1a>%)',
  '(?<a b>%)',
  '(?P%)',
  '(?@)',
  '%|%',
  '|%',
  '%||%',
  '[[:<:]]%',
  '[:alpha:]',
  '[[.a.]]',
  '[%',
  '\\',
  '(?P<>%)',
];

const members = fc
  .tuple(fc.constantFrom('[', '[^', '[]', '[^]'), fc.array(fc.constantFrom(...MEMBERS), { maxLength: 4 }))
  .map(([open, inside]) => `${open}${inside.join('')}]`);

/** Regular expressions of all that PCRE has, and some that it refuses. */
export const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 6, arbitrary: fc.constantFrom(...CHARACTERS) },
    { weight: 3, arbitrary: fc.constantFrom(...ESCAPES) },
    { weight: 3, arbitrary: members },
    { weight: 3, arbitrary: fc.constantFrom(...QUANTIFIERS) },
    { weight: 6, arbitrary: filled(GROUPS, tie('pattern') as fc.Arbitrary<string>) },
  ),
  pattern: fc
    .array(tie('piece') as fc.Arbitrary<string>, { maxLength: 3, depthIdentifier: 'p' })
    .map((all) => all.join('')),
}));
