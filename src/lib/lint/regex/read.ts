import { readClass, single } from './class.ts';
import { ALL_CHARACTERS, CARRIAGE_RETURN, LINE_FEED, others } from './characters.ts';
import { readEscape } from './escape.ts';
import { openGroup } from './group.ts';
import { anchor, DEEPEST, frameOf, innerOf, put, putSet, sequenceOf, type State } from './state.ts';
import type { Pattern } from './tree.ts';

/** Settings that stand at the very start. */
const START =
  /^(?:\(\*(?:UTF8?|UCP|CR|LF|CRLF|ANYCRLF|ANY|NUL|BSR_[A-Z]{1,7}|NO_[A-Z_]{1,20}|NOTEMPTY(?:_ATSTART)?|LIMIT_[A-Z]{1,9}=\d{1,10})\))*/u;

/** Reads a regular expression in one pass. It never fails: what cannot be understood becomes an opaque node. */
export function readPattern(pattern: string, caseless = false): Pattern {
  // most patterns have none
  const start = pattern.startsWith('(*') ? START.exec(pattern)![0] : '';
  const text = start !== '' && /\(\*UTF8?\)/u.test(start) ? pattern : bytesOf(pattern);
  const settings = { caseless, dotAll: false, extended: false, multiline: false, namedOnly: false };
  const state: State = {
    text,
    at: start.length,
    settings,
    count: 0,
    frames: [frameOf(settings, (inner) => inner)],
    groups: new Map(),
    names: new Map(),
    dot: others(
      start !== '' && /\(\*(?:ANY|ANYCRLF|CR)\)/u.test(start) ? LINE_FEED | CARRIAGE_RETURN : LINE_FEED,
    ),
    quantifiable: false,
    broken: false,
  };
  while (state.at < text.length && !(state.broken && state.frames.length > DEEPEST)) readItem(state);
  while (state.frames.length > 1) {
    state.broken = true;
    closeGroup(state);
  }
  const { count, groups, names, broken } = state;
  return { root: innerOf(state.frames[0]!), count, groups, names, broken };
}

/** NGINX hands over bytes, and without `(*UTF8)` each of them is a character of its own. */
function bytesOf(pattern: string): string {
  if (!/[^\0-\x7F]/u.test(pattern)) return pattern;
  return Array.from(new TextEncoder().encode(pattern), (byte) => String.fromCharCode(byte)).join('');
}

const QUANTIFIER = /(?:[*+?]|\{(\d{1,5})(?:(,)(\d{0,5}))?\})([+?]?)/uy;

function readItem(state: State): void {
  const { text, at, settings } = state;
  const char = text[at]!;
  if (settings.extended && /[\t-\r ]/u.test(char)) {
    state.at++;
    return;
  }
  if (settings.extended && char === '#') {
    const end = text.indexOf('\n', at);
    state.at = end < 0 ? text.length : end + 1;
    return;
  }
  QUANTIFIER.lastIndex = at;
  const quantifier = '*+?{'.includes(char) ? QUANTIFIER.exec(text) : null;
  if (quantifier) {
    repeatLast(state, quantifier);
    return;
  }
  switch (char) {
    case '(':
      openGroup(state);
      return;
    case ')':
      if (state.frames.length > 1) closeGroup(state);
      else {
        state.broken = true;
        state.at++;
      }
      return;
    case '|':
      nextBranch(state);
      return;
    case '[':
      if (/^\[\[:[<>]:\]\]/u.test(text.slice(at, at + 7)))
        put(state, { kind: 'anchor', at: 'other' }, at + 7);
      else putSet(state, readClass(text, at, settings.caseless));
      return;
    case '\\':
      readEscape(state);
      return;
    case '^':
      anchor(state, settings.multiline ? 'line-start' : 'start', at + 1);
      return;
    case '$':
      anchor(state, settings.multiline ? 'line-end' : 'end', at + 1);
      return;
    case '.':
      put(state, { kind: 'set', characters: settings.dotAll ? ALL_CHARACTERS : state.dot }, at + 1);
      return;
    default:
      putSet(state, single(text.charCodeAt(at), at + 1));
  }
}

function repeatLast(state: State, [written, from, comma, to, sign]: RegExpExecArray): void {
  state.at += written.length;
  const { items } = state.frames.at(-1)!;
  const last = items.at(-1);
  if (!state.quantifiable || !last) {
    state.broken = true;
    return;
  }
  const [first] = written;
  const least = from === undefined ? Number(first === '+') : Number(from);
  const bounded =
    from === undefined ? (first === '?' ? 1 : Infinity) : Number(comma === undefined ? from : to || Infinity);
  items[items.length - 1] = {
    kind: 'repeat',
    inner: last,
    least,
    greatest: bounded,
    possessive: sign === '+',
  };
  state.broken ||= least > bounded;
  state.quantifiable = false;
}

function nextBranch(state: State): void {
  const frame = state.frames.at(-1)!;
  frame.branches.push(sequenceOf(frame.items));
  frame.items = [];
  if (frame.reset !== undefined) {
    frame.most = Math.max(frame.most, state.count);
    state.count = frame.reset;
  }
  state.at++;
  state.quantifiable = false;
}

function closeGroup(state: State): void {
  const frame = state.frames.pop()!;
  if (frame.reset !== undefined) state.count = Math.max(frame.most, state.count);
  state.settings = frame.settings;
  put(state, frame.close(innerOf(frame)), state.at + 1);
}
