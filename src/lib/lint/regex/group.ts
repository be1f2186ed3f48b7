import { DEEPEST, EMPTY, matchAt, OPAQUE, open, put, type State } from './state.ts';
import type { Group, Node } from './tree.ts';

const PLAIN = /\(\?(<[=!*]|[:>|=!*])/uy;
const NAMED = /\(\?(?:P?<|')([A-Za-z_]\w{0,127})[>']/uy;
const COMMENT = /\(\?#[^)]*\)/uy;
const CONDITION =
  /\(\?\((?:[+-]?\d{1,5}|<\w{1,128}>|'\w{1,128}'|\w{1,128}|R&\w{1,128}|VERSION[^)]{0,20})\)/uy;
const RECURSION = /\(\?(?:R|[+-]?\d{1,5}|&\w{1,128}|P>\w{1,128})\)/uy;
const BACKWARD = /\(\?P=(\w{1,128})\)/uy;
const CALLOUT = /\(\?C\d{0,3}\)/uy;
const OPTIONS = /\(\?(\^?)([imnsxJU]{0,16})(?:-([imnsxJU]{0,16}))?([:)])/uy;
const VERB = /\(\*(?:([a-z_]{1,40}):|[^)]{0,200}\))/uy;

/** Groups that may be named instead, with the sign of each. */
const WORDS: Readonly<Record<string, string>> = {
  atomic: '>',
  asr: '>',
  atomic_script_run: '>',
  pla: '=',
  positive_lookahead: '=',
  napla: '=',
  nla: '!',
  negative_lookahead: '!',
  plb: '<=',
  positive_lookbehind: '<=',
  naplb: '<=',
  nlb: '<!',
  negative_lookbehind: '<!',
};

/** `(` with what belongs to it. */
export function openGroup(state: State): void {
  if (state.frames.length > DEEPEST) {
    state.broken = true;
    put(state, OPAQUE, state.text.length);
    return;
  }
  const { text, at } = state;
  const second = text[at + 1];
  if (second === '*') return openVerb(state);
  if (second !== '?')
    return state.settings.namedOnly ? openPlain(state, ':', 1) : openCapturing(state, undefined, 1);
  const plain = matchAt(PLAIN, state);
  if (plain) return openPlain(state, plain[1]!, plain[0].length);
  const named = matchAt(NAMED, state);
  if (named) return openCapturing(state, named[1]!, named[0].length);
  const comment = matchAt(COMMENT, state);
  if (comment) {
    state.at += comment[0].length;
    return;
  }
  return openSpecial(state);
}

function openSpecial(state: State): void {
  const { text, at, settings } = state;
  if (text.startsWith('(?(', at)) {
    const condition = matchAt(CONDITION, state);
    const defined = text.startsWith('(?(DEFINE)', at);
    // what only decides between the alternatives is passed over where it is a name; else it is read as a part of them
    const close = (inner: Node): Node => {
      if (defined) return EMPTY;
      return condition && inner.kind === 'alternatives'
        ? inner
        : { kind: 'alternatives', branches: [inner, OPAQUE] };
    };
    open(state, condition?.[0].length ?? 2, close);
    return;
  }
  const options = matchAt(OPTIONS, state);
  if (options) {
    const [written, from, on = '', off = '', end] = options;
    const isOn = (letter: string, before: boolean): boolean =>
      (on.includes(letter) || (before && from === '')) && !off.includes(letter);
    const inner = {
      caseless: isOn('i', settings.caseless),
      dotAll: isOn('s', settings.dotAll),
      extended: isOn('x', settings.extended),
      multiline: isOn('m', settings.multiline),
      namedOnly: isOn('n', settings.namedOnly),
    };
    if (end === ':') openPlain(state, ':', written.length);
    else state.at += written.length;
    state.settings = inner;
    state.quantifiable = false;
    return;
  }
  const backward = matchAt(BACKWARD, state);
  if (backward) return put(state, { kind: 'reference', group: backward[1]! }, at + backward[0].length);
  const other = matchAt(RECURSION, state);
  if (other) return put(state, OPAQUE, at + other[0].length);
  const callout = matchAt(CALLOUT, state);
  if (callout) return put(state, EMPTY, at + callout[0].length, false);
  state.broken = true;
  return open(state, 2, () => OPAQUE);
}

function openPlain(state: State, sign: string, length: number): void {
  if (sign === ':' || sign === '>')
    return open(state, length, (inner) => ({
      kind: 'group',
      number: undefined,
      name: undefined,
      atomic: sign === '>',
      inner,
    }));
  if (sign === '|') return open(state, length, (inner) => inner, state.count);
  return open(state, length, (inner) => ({
    kind: 'look',
    ahead: !sign.startsWith('<'),
    negative: sign.endsWith('!'),
    inner,
  }));
}

function openCapturing(state: State, name: string | undefined, length: number): void {
  state.count++;
  const number = state.count;
  if (name !== undefined) {
    const known = state.names.get(name);
    if (!known) state.names.set(name, [number]);
    else if (!known.includes(number)) known.push(number);
  }
  open(state, length, (inner) => {
    const group: Group = { kind: 'group', number, name, atomic: false, inner };
    const known = state.groups.get(number);
    if (known) known.push(group);
    else state.groups.set(number, [group]);
    return group;
  });
}

function openVerb(state: State): void {
  const match = matchAt(VERB, state);
  if (!match) {
    state.broken = true;
    return put(state, OPAQUE, state.at + 2, false);
  }
  const [written, word] = match;
  if (word !== undefined && !written.endsWith(')'))
    return openPlain(state, Object.hasOwn(WORDS, word) ? WORDS[word]! : ':', written.length);
  return put(state, OPAQUE, state.at + written.length, false);
}
