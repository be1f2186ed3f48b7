import type { Problem } from '../errors.ts';
import type { Path } from './place.ts';
import type { Source } from './source.ts';

/** Something wrong at a place of lb.yaml. */
export interface Fault {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string | undefined;
  /** What to point at: the value, or the key in front of it. */
  readonly part?: 'key' | 'value';
  /** Offsets into a text value, to point at a part of it. */
  readonly inside?: readonly [start: number, end: number];
  /** Where it lacks something: no fault while what stands there is wrong by itself. */
  readonly lacks?: Path;
}

/** Turns faults into problems with places, in the order of the file. */
export function locate(faults: readonly Fault[], source: Source): Problem[] {
  const problems = faults.map(({ path, message, hint, part, inside }) => ({
    message,
    ...(hint === undefined ? {} : { hint }),
    span: inside ? source.spanInside(path, ...inside) : source.spanOf(path, part),
  }));
  return problems.toSorted((a, b) => a.span.line - b.span.line || a.span.column - b.span.column);
}

/** A value as it is shown in a message. */
export function quote(value: unknown): string {
  const text = String(value);
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`;
}
