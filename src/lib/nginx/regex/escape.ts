import { type Item, type Length, PatternError, readName, type State } from './state.ts';

/**
 * A backslash with what belongs to it, outside of a class; undefined where no quantifier may follow, `nothing` where
 * a quantifier would be that of what stands in front.
 */
export function readEscape(state: State): Item | 'nothing' | undefined {
  const { pattern } = state;
  const char = pattern[state.at + 1];
  if (char === undefined) throw new PatternError('there is nothing behind the \\ at the end');
  if (char === 'Q') {
    const end = pattern.indexOf('\\E', state.at + 2);
    const text = pattern.slice(state.at + 2, end < 0 ? undefined : end);
    state.at = end < 0 ? pattern.length : end + 2;
    return text === '' ? 'nothing' : { length: text.length };
  }
  if (char === 'E') {
    state.at += 2;
    return 'nothing';
  }
  if ('AbBGzZK'.includes(char)) {
    state.at += 2;
    return undefined;
  }
  if ('dDhHsSvVwWC'.includes(char)) {
    state.at += 2;
    return { length: 1 };
  }
  if (char === 'R' || char === 'X') {
    state.at += 2;
    return { length: undefined };
  }
  if (char === 'N') return dotLike(state);
  if (char === 'g' || char === 'k') return reference(state, char);
  if (/[1-9]/u.test(char)) {
    const group = numberedReference(state);
    if (group !== undefined) return { length: lengthOf(state, group) };
  }
  readCharacter(state);
  return { length: 1 };
}

/** `\N` is any character but a line end; `\N{U+41}` is that character, and `\N{name}` is not supported. */
function dotLike(state: State): { readonly length: number } {
  const rest = state.pattern.slice(state.at + 2, state.at + 40);
  const code = state.utf ? /^\{U\+[\da-f]+\}/iu.exec(rest) : null;
  if (code) state.at += code[0].length;
  else if (rest.startsWith('{') && !/^\{\d+(?:,\d*)?\}/u.test(rest))
    throw new PatternError('\\N{…} is not supported');
  state.at += 2;
  return { length: 1 };
}

/** `\1`: the number of a group where there are so many; else it is a code in octal digits. */
function numberedReference(state: State): number | undefined {
  const digits = /^\d+/u.exec(state.pattern.slice(state.at + 1, state.at + 12))![0];
  const number = Number(digits);
  if (number >= 10 && number > state.groups && digits[0]! < '8') return undefined;
  if (number > 65_535) throw new PatternError(`the number in \\${digits} is too large`);
  state.references.push(number);
  state.at += 1 + digits.length;
  return number;
}

/**
 * Length of what a reference to a group matches. It is not fixed inside of the group itself; that of a group which
 * comes later is not known, and taken for fixed.
 */
export function lengthOf({ lengths, groups }: State, group: number | undefined): Length {
  if (group === undefined || group > groups) return 0;
  return lengths.get(group);
}

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '<': '>', "'": "'" };

function reference(state: State, kind: 'g' | 'k'): Item {
  const { pattern } = state;
  state.at += 2;
  const open = pattern[state.at] ?? '';
  const close = CLOSING[open];
  const plain = kind === 'g' ? /^[+-]?\d+/u.exec(pattern.slice(state.at, state.at + 12)) : null;
  if (plain) {
    state.at += plain[0].length;
    return { length: relative(state, plain[0]) };
  }
  if (close === undefined)
    throw new PatternError(
      kind === 'k' ? '\\k is not followed by the name of a group' : '\\g is not followed by a group',
    );
  state.at++;
  const number = kind === 'g' ? /^[+-]?\d+/u.exec(pattern.slice(state.at, state.at + 12)) : null;
  if (number) {
    state.at += number[0].length;
    if (pattern[state.at] !== close)
      throw new PatternError(`${close} is missing behind \\g${open}${number[0]}`);
    state.at++;
    return { length: relative(state, number[0], open !== '{') };
  }
  const name = readName(state, close);
  state.references.push(name);
  return { length: lengthOf(state, state.names.get(name)) };
}

/** A group by its number, `-1` being the last one opened and `+1` the next; returns the length of what it matches. */
export function relative(state: State, text: string, recursion = false): Length {
  let number = Number(text);
  if (/^[+-]0+$/u.test(text)) throw new PatternError(`there is no group ${text}`);
  if (text.startsWith('-')) number = state.groups + 1 + number;
  else if (text.startsWith('+')) number += state.groups;
  if (number < 0 || (number === 0 && !(recursion && /^0+$/u.test(text))))
    throw new PatternError(`there is no group ${text}`);
  if (number > 65_535) throw new PatternError(`the number ${text} is too large`);
  if (number === 0) return undefined;
  state.references.push(number);
  return lengthOf(state, number);
}

const LITERAL: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };

/** A backslash with what belongs to it in a class: a character's code, or `class`. */
export function readClassEscape(state: State): number | 'class' {
  const { pattern } = state;
  const char = pattern[state.at + 1];
  if (char === undefined) throw new PatternError('there is nothing behind the \\ at the end');
  if (char === 'b') {
    state.at += 2;
    return 8;
  }
  if ('dDhHsSvVwW'.includes(char)) {
    state.at += 2;
    return 'class';
  }
  if (char === 'g') {
    state.at += 2;
    return char.charCodeAt(0);
  }
  if ('BRXNAGzZKCk'.includes(char)) throw new PatternError(`\\${char} has no meaning in a class`);
  return readCharacter(state);
}

/** An escape that stands for a character or a property; returns the character's code. */
function readCharacter(state: State): number | 'class' {
  const { pattern } = state;
  const char = pattern[state.at + 1]!;
  const rest = pattern.slice(state.at + 2, state.at + 60);
  const take = (length: number): void => {
    state.at += 2 + length;
  };
  if (Object.hasOwn(LITERAL, char)) {
    take(0);
    return LITERAL[char]!;
  }
  const most = state.utf ? 0x10_ff_ff : 255;
  if (char === 'x') return hexadecimal(rest, take, most);
  if (char === 'o') return octal(rest, take, most);
  if (/[0-7]/u.test(char)) {
    const digits = /^[0-7]{1,3}/u.exec(pattern.slice(state.at + 1, state.at + 4))![0];
    const code = Number.parseInt(digits, 8);
    if (code > most) throw new PatternError(`\\${digits} is greater than a byte`);
    take(digits.length - 1);
    return code;
  }
  if (char === 'c') {
    if (!/^[\u0020-\u007E]/u.test(rest)) throw new PatternError('\\c is followed by a printable character');
    take(1);
    return rest.toUpperCase().charCodeAt(0) ^ 64;
  }
  if (char === 'p' || char === 'P') return property(rest, take);
  if (/[A-Za-z]/u.test(char))
    throw new PatternError(`\\${char} has no meaning`, `write ${char} for the letter itself`);
  take(0);
  return char.charCodeAt(0);
}

function hexadecimal(rest: string, take: (length: number) => void, most: number): number {
  if (rest.startsWith('{')) {
    const match = /^\{([\da-f]+)\}/iu.exec(rest);
    if (!match) throw new PatternError('the code in \\x{…} is not hexadecimal');
    const code = Number.parseInt(match[1]!, 16);
    if (code > most)
      throw new PatternError(`${match[0]} is greater than a byte`, 'start the expression with (*UTF8)');
    take(match[0].length);
    return code;
  }
  const digits = /^[\da-f]{0,2}/iu.exec(rest)![0];
  take(digits.length);
  return digits === '' ? 0 : Number.parseInt(digits, 16);
}

function octal(rest: string, take: (length: number) => void, most: number): number {
  const match = /^\{([0-7]+)\}/u.exec(rest);
  if (!match) throw new PatternError('the code in \\o{…} is not octal');
  const code = Number.parseInt(match[1]!, 8);
  if (code > most) throw new PatternError(`${match[0]} is greater than a byte`);
  take(match[0].length);
  return code;
}

function property(rest: string, take: (length: number) => void): 'class' {
  const match = /^(?:\{\^?([^}]*)\}|([A-Za-z]))/u.exec(rest);
  if (!match) throw new PatternError('\\p is followed by a property in braces');
  const name = (match[1] ?? match[2]!).trim();
  if (!isProperty(name)) throw new PatternError(`there is no property ${name}`);
  take(match[0].length);
  return 'class';
}

/** The names are those of Unicode; as PCRE does since 10.40, capitals and small letters are taken for the same. */
function isProperty(name: string): boolean {
  if (/^(?:Any|L&|Xan|Xps|Xsp|Xuc|Xwd)$/iu.test(name)) return true;
  const usual = name.toLowerCase().replaceAll(/(?<![a-z])[a-z]/gu, (letter) => letter.toUpperCase());
  return [name, usual, `Script=${name}`, `Script=${usual}`].some((property) => {
    try {
      return Boolean(new RegExp(`\\p{${property}}`, 'u'));
    } catch {
      return false;
    }
  });
}
