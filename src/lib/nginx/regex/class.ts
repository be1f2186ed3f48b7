import { readClassEscape } from './escape.ts';
import { type Item, PatternError, type State } from './state.ts';

const POSIX = /^(?:alpha|lower|upper|alnum|ascii|blank|cntrl|digit|graph|print|punct|space|word|xdigit)$/u;

/** `[…]`: characters, ranges, classes and named classes; `[[:<:]]` and `[[:>:]]` are where a word starts and ends. */
export function readClass(state: State): Item {
  const { pattern } = state;
  if (/^\[\[:[<>]:\]\]/u.test(pattern.slice(state.at, state.at + 7))) {
    state.at += 7;
    return { length: 0, looks: true };
  }
  const outside = posixAt(pattern, state.at);
  if (outside !== undefined)
    throw new PatternError(`${outside} stands outside of a class`, `write [${outside}]`);
  state.at++;
  while (pattern.startsWith('\\E', state.at)) state.at += 2;
  if (pattern[state.at] === '^') state.at++;
  /** Code of the last character, which a range may start from; `class` where it was a whole class. */
  let last: number | 'class' | undefined;
  let first = true;
  for (;;) {
    if (pattern.startsWith('\\E', state.at)) {
      state.at += 2;
      continue;
    }
    if (pattern.startsWith('\\Q', state.at)) {
      const text = readQuoted(state);
      if (text !== '') [last, first] = [text.charCodeAt(text.length - 1), false];
      continue;
    }
    const char = pattern[state.at];
    if (char === undefined)
      throw new PatternError('the ] of a class is missing', 'write \\[ for the character itself');
    if (char === ']' && !first) {
      state.at++;
      return { length: 1 };
    }
    first = false;
    if (char === '-' && last !== undefined) {
      state.at++;
      while (pattern.startsWith('\\E', state.at)) state.at += 2;
      last = pattern[state.at] === ']' ? undefined : readRange(state, last);
    } else {
      last = readMember(state);
    }
  }
}

/** The text between `\Q` and `\E`, which stands for itself. */
function readQuoted(state: State): string {
  const end = state.pattern.indexOf('\\E', state.at + 2);
  const text = state.pattern.slice(state.at + 2, end < 0 ? undefined : end);
  state.at = end < 0 ? state.pattern.length : end + 2;
  return text;
}

function readRange(state: State, from: number | 'class'): undefined {
  if (state.pattern[state.at] === undefined) throw new PatternError('the ] of a class is missing');
  const to = state.pattern.startsWith('\\Q', state.at) ? readQuoted(state).charCodeAt(0) : readMember(state);
  if (from === 'class' || to === 'class')
    throw new PatternError(
      'a range goes from one character to another, not to or from a class',
      'write - at the end of the class for the character itself',
    );
  if (to !== undefined && to < from)
    throw new PatternError(`the range ${visible(from)}-${visible(to)} is out of order`);
  return undefined;
}

/** A character as it may be written in a pattern. */
function visible(code: number): string {
  return code > 32 && code < 127 ? String.fromCharCode(code) : `\\x{${code.toString(16)}}`;
}

/** A character's code, `class` for a class of them, undefined for what matches nothing. */
function readMember(state: State): number | 'class' | undefined {
  const { pattern } = state;
  const posix = posixAt(pattern, state.at);
  if (posix !== undefined) {
    const name = posix.slice(2, -2).replace(/^\^/u, '');
    if (posix[1] !== ':') throw new PatternError(`${posix} is not supported`);
    if (!POSIX.test(name)) throw new PatternError(`there is no class ${posix}`);
    state.at += posix.length;
    return 'class';
  }
  if (pattern[state.at] === '\\') return readClassEscape(state);
  return pattern.charCodeAt(state.at++);
}

/** `[:name:]` at a place, in whatever way it may be spelled; `[.` and `[=` are kept by PCRE for later. */
function posixAt(pattern: string, at: number): string | undefined {
  return /^\[([:.=])(?:\\[\]\\]|(?!\[\1|\1\])[^\]])*\1\]/u.exec(pattern.slice(at, at + 80))?.[0];
}
