import type { Characters } from './characters.ts';

/** A part of a regular expression. */
export type Node =
  | { readonly kind: 'set'; readonly characters: Characters }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'alternatives'; readonly branches: readonly Node[] }
  | Group
  | Repeat
  | { readonly kind: 'anchor'; readonly at: Anchor }
  | Look
  /** What another group matched. */
  | { readonly kind: 'reference'; readonly group: number | string }
  /** Something that is not understood; it may match anything. */
  | { readonly kind: 'opaque' };

export interface Group {
  readonly kind: 'group';
  /** Undefined for one that captures nothing. */
  readonly number: number | undefined;
  readonly name: string | undefined;
  /** Whether it gives nothing back once it has matched. */
  readonly atomic: boolean;
  readonly inner: Node;
}

export interface Repeat {
  readonly kind: 'repeat';
  readonly inner: Node;
  readonly least: number;
  readonly greatest: number;
  /** Whether it gives nothing back once it has matched. */
  readonly possessive: boolean;
}

interface Look {
  readonly kind: 'look';
  readonly ahead: boolean;
  readonly negative: boolean;
  readonly inner: Node;
}

/**
 * `start` and `end` are those of the text; `end` lets one line feed follow, `very-end` does not. Those of lines come
 * with `(?m)`. `word` is `\b`, and `other` is what depends on more.
 */
export type Anchor = 'start' | 'end' | 'very-end' | 'line-start' | 'line-end' | 'word' | 'no-word' | 'other';

/** A regular expression that was read. */
export interface Pattern {
  readonly root: Node;
  /** The number of the last group. */
  readonly count: number;
  /** Groups by their numbers; a number may have several with `(?|…)`. */
  readonly groups: ReadonlyMap<number, readonly Group[]>;
  /** Numbers of the groups with names; a name may have several with `(?J)`. */
  readonly names: ReadonlyMap<string, readonly number[]>;
  /** Whether PCRE would refuse it; then the tree is no more than a guess. */
  readonly broken: boolean;
}
