import { readClass } from './class.ts';
import { readEscape } from './escape.ts';
import { type Item, type Length, PatternError, type State } from './state.ts';
import { readGroup } from './group.ts';

/** A regular expression that PCRE compiles, or why it does not. */
export type PatternResult =
  | { readonly groups: number; readonly names: readonly string[] }
  | { readonly problem: string; readonly hint?: string };

/** Checks the syntax of a regular expression as PCRE2, NGINX's library since 1.21.5, reads it. */
export function checkPattern(pattern: string): PatternResult {
  const simple = /^[\w/^$.\-\\]*$/u.test(pattern) && !pattern.includes('\\');
  if (simple) return { groups: 0, names: [] };
  // most patterns have no settings, and each expression that is asked first takes time to be compiled
  const utf = pattern.startsWith('(*') && /^(?:\(\*\w+(?:=\d+)?\))*\(\*UTF8?\)/u.test(pattern);
  const state: State = {
    pattern: utf ? pattern : bytesOf(pattern),
    at: 0,
    groups: 0,
    lengths: new Map(),
    depth: 0,
    names: new Map(),
    references: [],
    extended: false,
    namedOnly: false,
    utf,
    duplicateNames: false,
  };
  try {
    readStart(state);
    readAlternatives(state);
    if (state.at < state.pattern.length) throw new PatternError('there is a ) without its (');
    checkReferences(state);
    return { groups: state.groups, names: [...state.names.keys()] };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return { problem: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
}

/** Settings that stand at the very start. */
function readStart(state: State): void {
  if (!state.pattern.startsWith('(*')) return;
  const match =
    /^(?:\(\*(?:UTF8?|UCP|CR|LF|CRLF|ANYCRLF|ANY|NUL|BSR_ANYCRLF|BSR_UNICODE|NO_AUTO_POSSESS|NO_START_OPT|NO_JIT|NO_DOTSTAR_ANCHOR|NOTEMPTY(?:_ATSTART)?|LIMIT_(?:MATCH|DEPTH|HEAP|RECURSION)=\d+)\))+/u.exec(
      state.pattern,
    );
  if (match) state.at = match[0].length;
}

/** NGINX hands over bytes, and without `(*UTF8)` each of them is a character of its own. */
function bytesOf(pattern: string): string {
  if (!/[^\0-\x7F]/u.test(pattern)) return pattern;
  return Array.from(new TextEncoder().encode(pattern), (byte) => String.fromCharCode(byte)).join('');
}

/**
 * Reads up to the `)` of the group or the end; returns the length of each alternative.
 * @param reset whether groups are counted from the same number in each alternative.
 */
function readAlternatives(state: State, reset = false): Length[] {
  const before = state.groups;
  let most = before;
  const lengths: Length[] = [];
  for (;;) {
    lengths.push(readSequence(state));
    most = Math.max(most, state.groups);
    if (state.pattern[state.at] !== '|') break;
    state.at++;
    if (reset) state.groups = before;
  }
  state.groups = most;
  return lengths;
}

function readSequence(state: State): Length {
  const { pattern } = state;
  let length: Length = 0;
  /** Length of the last item, which a quantifier may follow; undefined where none may. */
  let item: Item | undefined;
  for (;;) {
    const char = pattern[state.at];
    if (char === undefined || char === '|' || char === ')') break;
    if (state.extended && /[\t-\r ]/u.test(char)) {
      state.at++;
      continue;
    }
    if (state.extended && char === '#') {
      const end = pattern.indexOf('\n', state.at);
      state.at = end < 0 ? pattern.length : end + 1;
      continue;
    }
    const quantifier = readQuantifier(state);
    if (quantifier) {
      if (!item) throw new PatternError(`there is nothing in front of ${quantifier.text} to repeat`);
      if (!item.looks) length = repeated(length, item.length, quantifier);
      item = undefined;
      continue;
    }
    const next = readItem(state, char);
    if (next === 'nothing') continue;
    item = next;
    if (item) length = length === undefined || item.length === undefined ? undefined : length + item.length;
  }
  return length;
}

/** One item; undefined where no quantifier may follow it, `nothing` where it is as if it were not there. */
function readItem(state: State, char: string): Item | 'nothing' | undefined {
  switch (char) {
    case '(':
      return readGroup(state, readAlternatives);
    case '[':
      return readClass(state);
    case '\\':
      return readEscape(state);
    case '^':
    case '$':
      state.at++;
      return undefined;
    default:
      state.at++;
      return { length: 1 };
  }
}

/** The length of all, where its last item stands there several times. */
function repeated(length: Length, last: Length, { least, greatest }: Quantifier): Length {
  if (length === undefined || last === undefined || least !== greatest) return undefined;
  return length - last + last * least;
}

interface Quantifier {
  readonly text: string;
  readonly least: number;
  readonly greatest: number;
}

/** `*`, `+`, `?` and `{n,m}`, with the `+` or `?` behind them. Other braces stand for themselves. */
function readQuantifier(state: State): Quantifier | undefined {
  const match = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})[+?]?/u.exec(state.pattern.slice(state.at, state.at + 40));
  if (!match) return undefined;
  const [text, least, comma, greatest] = match;
  state.at += text.length;
  if (least === undefined)
    return { text, least: text.startsWith('+') ? 1 : 0, greatest: text.startsWith('?') ? 1 : Infinity };
  const from = Number(least);
  const to = comma === undefined ? from : greatest === '' ? Infinity : Number(greatest);
  if (from > 65_535 || (to > 65_535 && to !== Infinity))
    throw new PatternError(`the number in ${text} is greater than 65535`);
  if (from > to) throw new PatternError(`the numbers in ${text} are out of order`);
  return { text, least: from, greatest: to };
}

function checkReferences({ references, groups, names }: State): void {
  for (const reference of references) {
    const known = typeof reference === 'number' ? reference <= groups : names.has(reference);
    if (!known) throw new PatternError(`there is no group ${reference}`);
  }
}
