import { readCharacters, single } from './class.ts';
import { ALL_CHARACTERS, VERTICAL_SPACE } from './characters.ts';
import { anchor, EMPTY, matchAt, OPAQUE, put, putSet, type State } from './state.ts';
import type { Anchor, Node } from './tree.ts';

const ANCHORS: Readonly<Record<string, Anchor>> = {
  A: 'start',
  G: 'other',
  Z: 'end',
  z: 'very-end',
  b: 'word',
  B: 'no-word',
};

const REFERENCE =
  /\\(?:g(?:\{([+-]?\d{1,5}|\w{1,128})\}|([+-]?\d{1,5}))|k(?:\{(\w{1,128})\}|<(\w{1,128})>|'(\w{1,128})')|([1-9]\d{0,4}))/uy;

/** A backslash with what belongs to it, outside of a class. */
export function readEscape(state: State): void {
  const { text, at } = state;
  const char = text[at + 1] ?? '';
  if (char === 'Q') return readQuoted(state);
  if (char === 'E') {
    state.at += 2;
    return;
  }
  if (char !== '' && Object.hasOwn(ANCHORS, char)) return anchor(state, ANCHORS[char]!, at + 2);
  switch (char) {
    case 'K':
      return put(state, EMPTY, at + 2, false);
    case 'N':
      return put(state, { kind: 'set', characters: state.dot }, at + 2);
    case 'C':
      return put(state, { kind: 'set', characters: ALL_CHARACTERS }, at + 2);
    case 'R':
      return put(state, several(VERTICAL_SPACE, 2), at + 2);
    case 'X':
      return put(state, several(ALL_CHARACTERS, Infinity), at + 2);
    default:
  }
  const reference = matchAt(REFERENCE, state);
  const [written = '', braced, plain, inBraces, angled, quoted, digits] = reference ?? [];
  const group = braced ?? plain ?? inBraces ?? angled ?? quoted ?? digits;
  // many digits are a code where there are not so many groups
  const code =
    digits !== undefined && Number(digits) >= 10 && Number(digits) > state.count && !/^[89]/u.test(digits);
  if (group !== undefined && !code)
    return put(state, { kind: 'reference', group: numberOf(group, state.count) }, at + written.length);
  if (char === 'g') return put(state, OPAQUE, at + 2);
  return putSet(state, readCharacters(text, at));
}

function several(characters: bigint, greatest: number): Node {
  return { kind: 'repeat', inner: { kind: 'set', characters }, least: 1, greatest, possessive: true };
}

/** `\g{-1}` is the group that was opened last. */
function numberOf(group: string, count: number): number | string {
  if (/^\d/u.test(group)) return Number(group);
  if (group.startsWith('-')) return count + 1 + Number(group);
  return group.startsWith('+') ? count + Number(group) : group;
}

/** `\Q…\E`, whose text stands for itself. */
function readQuoted(state: State): void {
  const { text } = state;
  const from = state.at + 2;
  const found = text.indexOf('\\E', from);
  const end = found < 0 ? text.length : found;
  for (let at = from; at < end; at++) putSet(state, single(text.charCodeAt(at), at + 1));
  state.at = found < 0 ? end : end + 2;
}
