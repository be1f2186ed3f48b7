import { inBothCases } from './characters.ts';
import type { Written } from './class.ts';
import type { Anchor, Group, Node } from './tree.ts';

/** What is on: `i`, `s`, `x`, `m`, `n` as in `(?i)`. */
export interface Settings {
  readonly caseless: boolean;
  readonly dotAll: boolean;
  readonly extended: boolean;
  readonly multiline: boolean;
  readonly namedOnly: boolean;
}

/** A group that is being read. */
export interface Frame {
  /** Makes a node of what was read between the parentheses. */
  readonly close: (inner: Node) => Node;
  readonly settings: Settings;
  /** The number that groups of each alternative count from, with `(?|`. */
  readonly reset: number | undefined;
  most: number;
  readonly branches: Node[];
  items: Node[];
}

export interface State {
  readonly text: string;
  at: number;
  settings: Settings;
  count: number;
  readonly frames: Frame[];
  readonly groups: Map<number, Group[]>;
  readonly names: Map<string, number[]>;
  readonly dot: bigint;
  /** Whether a quantifier may follow what was read last. */
  quantifiable: boolean;
  broken: boolean;
}

/** PCRE's limit for groups in groups. */
export const DEEPEST = 250;

export const OPAQUE: Node = { kind: 'opaque' };
export const EMPTY: Node = { kind: 'sequence', items: [] };

export function frameOf(settings: Settings, close: Frame['close'], reset?: number): Frame {
  return { close, settings, reset, most: reset ?? 0, branches: [], items: [] };
}

export function innerOf({ branches, items }: Frame): Node {
  const last = sequenceOf(items);
  return branches.length === 0 ? last : { kind: 'alternatives', branches: [...branches, last] };
}

export function sequenceOf(items: readonly Node[]): Node {
  return items.length === 1 ? items[0]! : { kind: 'sequence', items };
}

export function put(state: State, node: Node, end: number, quantifiable = true): void {
  state.frames.at(-1)!.items.push(node);
  state.at = end;
  state.quantifiable = quantifiable;
}

export function putSet(state: State, { characters, end, broken }: Written): void {
  state.broken ||= broken === true;
  put(
    state,
    { kind: 'set', characters: state.settings.caseless ? inBothCases(characters) : characters },
    end,
  );
}

export function anchor(state: State, at: Anchor, end: number): void {
  put(state, { kind: 'anchor', at }, end, false);
}

export function open(state: State, length: number, close: Frame['close'], reset?: number): void {
  state.frames.push(frameOf(state.settings, close, reset));
  state.at += length;
  state.quantifiable = false;
}

export function matchAt(expression: RegExp, { text, at }: State): RegExpExecArray | null {
  expression.lastIndex = at;
  return expression.exec(text);
}
