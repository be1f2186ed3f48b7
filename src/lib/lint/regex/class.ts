import {
  ALL_CHARACTERS,
  BEYOND_ASCII,
  type Characters,
  character,
  CONTROL,
  DIGITS,
  HORIZONTAL_SPACE,
  inBothCases,
  NO_CHARACTERS,
  others,
  range,
  SPACE,
  VERTICAL_SPACE,
  WORD,
} from './characters.ts';

/** Named classes, which stand in brackets of their own: `[[:alpha:]]`. */
const POSIX: Readonly<Record<string, Characters>> = {
  alpha: range(65, 90) | range(97, 122),
  lower: range(97, 122),
  upper: range(65, 90),
  alnum: range(65, 90) | range(97, 122) | DIGITS,
  ascii: range(0, 127),
  blank: character(9) | character(32),
  cntrl: CONTROL,
  digit: DIGITS,
  graph: range(33, 126),
  print: range(32, 126),
  punct: range(33, 47) | range(58, 64) | range(91, 96) | range(123, 126),
  space: SPACE,
  word: WORD,
  xdigit: DIGITS | range(65, 70) | range(97, 102),
};

const SHORT: Readonly<Record<string, Characters>> = {
  d: DIGITS,
  h: HORIZONTAL_SPACE,
  s: SPACE,
  v: VERTICAL_SPACE,
  w: WORD,
};

const LITERAL: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };

/** Some characters that are written in one way or another. */
export interface Written {
  readonly characters: Characters;
  /** Where the text goes on. */
  readonly end: number;
  /** The code of the one character, which a range may start from. */
  readonly code?: number;
  /** Whether there may be fewer than the set has, so that what is not in it is not known. */
  readonly vague?: boolean;
  readonly broken?: boolean;
}

/** A character beyond those of one byte is not told from others of its kind. */
export function single(code: number, end: number): Written {
  return code < 256
    ? { characters: character(code), end, code }
    : { characters: BEYOND_ASCII, end, code, vague: true };
}

/** An escape that stands for characters, inside of a class and outside; `at` is that of the backslash. */
export function readCharacters(text: string, at: number): Written {
  const char = text[at + 1];
  if (char === undefined) return { characters: ALL_CHARACTERS, end: at + 1, broken: true };
  const end = at + 2;
  if (Object.hasOwn(SHORT, char)) return { characters: SHORT[char]!, end };
  if (Object.hasOwn(SHORT, char.toLowerCase()))
    return { characters: others(SHORT[char.toLowerCase()]!), end };
  if (Object.hasOwn(LITERAL, char)) return single(LITERAL[char]!, end);
  const coded = codeAt(text, at);
  if (coded) return coded;
  if (char === 'p' || char === 'P') return property(text, at);
  if (char === 'c') return single(((text.charCodeAt(end) || 0) % 128) ^ 64, Math.min(end + 1, text.length));
  return { ...single(text.charCodeAt(at + 1), end), broken: /[A-Za-z]/u.test(char) };
}

const CODE = /\\(?:x\{([\da-f]{1,8})\}|x([\da-f]{0,2})|o\{([0-7]{1,11})\}|([0-7]{1,3}))/iuy;

function codeAt(text: string, at: number): Written | undefined {
  CODE.lastIndex = at;
  const match = CODE.exec(text);
  if (!match) return undefined;
  const [all, braced, hexadecimal, octal, digits] = match;
  const code =
    octal === undefined && digits === undefined
      ? Number.parseInt(braced ?? (hexadecimal || '0'), 16)
      : Number.parseInt(octal ?? digits!, 8);
  return single(code, at + all.length);
}

const PROPERTY = /\\[pP](?:\{(\^?)([^}]{0,64})\}|([A-Za-z]))/uy;

/** `\p{L}`: Unicode knows them all; here it is enough which have no line ends. */
function property(text: string, at: number): Written {
  PROPERTY.lastIndex = at;
  const match = PROPERTY.exec(text);
  if (!match) return { characters: ALL_CHARACTERS, end: at + 2, broken: true };
  const name = (match[2] ?? match[3] ?? '').trim();
  const not = text[at + 1] === 'P' || match[1] === '^';
  const printed = !not && /^(?:[LMNPS]|Xan|Xwd|Han|Latin|Greek|Cyrillic)/iu.test(name);
  return { characters: printed ? others(CONTROL) : ALL_CHARACTERS, end: at + match[0].length, vague: true };
}

const NAMED = /\[:(\^?)([a-z]{1,10}):\]/uy;

/** `[…]`, read from its opening bracket on. */
export function readClass(text: string, open: number, caseless: boolean): Written {
  let at = open + 1;
  const not = text[at] === '^';
  if (not) at++;
  let set = NO_CHARACTERS;
  let vague = false;
  let broken = false;
  let first = true;
  let quoted = false;
  for (;;) {
    const char = text[at];
    if (char === undefined) return { characters: ALL_CHARACTERS, end: at, broken: true };
    if (text.startsWith('\\E', at)) {
      quoted = false;
      at += 2;
      continue;
    }
    if (!quoted && text.startsWith('\\Q', at)) {
      quoted = true;
      at += 2;
      continue;
    }
    if (char === ']' && !first && !quoted) break;
    first = false;
    const member = memberAt(text, at, quoted);
    at = member.end;
    set |= member.characters;
    vague ||= member.vague === true;
    broken ||= member.broken === true;
    if (quoted || member.code === undefined || text[at] !== '-' || text[at + 1] === ']') continue;
    const last = text[at + 1] === undefined ? undefined : memberAt(text, at + 1, false);
    if (last?.code === undefined) continue;
    at = last.end;
    broken ||= last.code < member.code;
    set |= range(Math.min(member.code, 255), Math.min(last.code, 255));
    vague ||= last.vague === true;
  }
  if (caseless) set = inBothCases(set);
  const all = vague ? ALL_CHARACTERS : others(set);
  return { characters: not ? all : set, end: at + 1, vague, broken };
}

function memberAt(text: string, at: number, quoted: boolean): Written {
  if (!quoted && text[at] === '[') {
    NAMED.lastIndex = at;
    const match = NAMED.exec(text);
    if (match) {
      const named = Object.hasOwn(POSIX, match[2]!) ? POSIX[match[2]!]! : undefined;
      const end = at + match[0].length;
      if (named === undefined) return { characters: ALL_CHARACTERS, end, broken: true };
      return { characters: match[1] === '^' ? others(named) : named, end };
    }
  }
  if (!quoted && text[at] === '\\') return escapeAt(text, at);
  return single(text.charCodeAt(at), at + 1);
}

/** Some escapes mean something else in a class. */
function escapeAt(text: string, at: number): Written {
  if (text[at + 1] === 'b') return single(8, at + 2);
  return text[at + 1] === 'g' ? single(103, at + 2) : readCharacters(text, at);
}
