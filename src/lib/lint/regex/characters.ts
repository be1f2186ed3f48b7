/** A set of bytes, one bit each. NGINX hands PCRE bytes, so that 256 are all there are. */
export type Characters = bigint;

export const NO_CHARACTERS: Characters = 0n;
export const ALL_CHARACTERS: Characters = (1n << 256n) - 1n;

const made: Characters[] = [];

/** One character, or a byte of one. */
export function character(code: number): Characters {
  return (made[code] ??= 1n << BigInt(code));
}

/** From one character to another, both among them. */
export function range(from: number, to: number): Characters {
  return to < from ? 0n : ((1n << BigInt(to - from + 1)) - 1n) << BigInt(from);
}

/** All characters of a text. */
export function charactersIn(text: string): Characters {
  let set = 0n;
  for (let at = 0; at < text.length; at++) set |= character(Math.min(text.charCodeAt(at), 255));
  return set;
}

/** All that are not in a set. */
export function others(set: Characters): Characters {
  return ALL_CHARACTERS ^ set;
}

/** Whether a set has a character. */
export function holds(set: Characters, char: string): boolean {
  return (set & character(Math.min(char.charCodeAt(0), 255))) !== 0n;
}

/** Whether every character of a text is in a set. */
export function holdsAll(set: Characters, text: string): boolean {
  return (charactersIn(text) & ~set) === 0n;
}

const LETTERS = (1n << 26n) - 1n;
const UPPER = 65n;
const LOWER = 97n;

/** A set with the small and capital forms of its letters. */
export function inBothCases(set: Characters): Characters {
  const letters = ((set >> UPPER) | (set >> LOWER)) & LETTERS;
  return set | (letters << UPPER) | (letters << LOWER);
}

/** The only character of a set, in small letters where both forms are in it; undefined where there are others. */
export function onlyOne(set: Characters): string | undefined {
  if (set === 0n) return undefined;
  const single = (set & (set - 1n)) === 0n;
  const lower = single ? set : set & (LETTERS << LOWER);
  if (!single && (lower === 0n || (lower & (lower - 1n)) !== 0n || inBothCases(lower) !== set))
    return undefined;
  return String.fromCharCode(lower.toString(2).length - 1);
}

export const LINE_FEED = character(10);
export const CARRIAGE_RETURN = character(13);
export const DIGITS = range(48, 57);
export const WORD = DIGITS | (LETTERS << UPPER) | (LETTERS << LOWER) | character(95);
/** `\s`: tab, the line ends and the space. */
export const SPACE = range(9, 13) | character(32);
/** `\h` in bytes. */
export const HORIZONTAL_SPACE = character(9) | character(32) | character(0xa0);
/** `\v` in bytes. */
export const VERTICAL_SPACE = range(10, 13) | character(0x85);
export const CONTROL = range(0, 31) | character(127);
export const BEYOND_ASCII = range(128, 255);
