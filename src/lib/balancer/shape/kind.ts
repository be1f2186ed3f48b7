import type { Fault } from '../fault.ts';

/** Result of reading a value that is not as its shape says; the faults tell why. */
export const INVALID = Symbol('invalid');

/** Where reading is at; a fault takes a copy. */
export type MutablePath = (string | number)[];

/** What a kind of value must be able to do. */
export interface Kind<Out> {
  /** Names of what it takes, for messages: `text`, `a list`, or the word itself. */
  readonly expects: readonly string[];
  /** Whether the value is of this kind at its outermost, whatever is wrong inside it. */
  fits(value: unknown): boolean;
  /** The value with short forms written out and defaults filled in; called only where it fits. */
  read(value: never, path: MutablePath, faults: Fault[]): Out | typeof INVALID;
  /** JSON Schema (draft 2020-12) of what may be written. */
  json(): Record<string, unknown>;
  /** What to write in place of another value, or of none (undefined). */
  hint?(value: unknown): string | undefined;
  /** Keys of a mapping, those that must be there first. */
  readonly keys?: readonly string[];
}
