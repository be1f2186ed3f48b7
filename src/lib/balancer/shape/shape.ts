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
}

type Presence = 'required' | 'optional';

/**
 * The shape of a value: one definition gives its type, its checks and its JSON Schema. It is plain data and costs
 * next to nothing to set up, which matters as every command that reads lb.yaml pays for it.
 */
export class Shape<Out, Need extends Presence = 'required'> {
  declare readonly out: Out;
  declare readonly need: Need;

  constructor(
    readonly kind: Kind<unknown>,
    readonly about: {
      readonly description?: string;
      readonly default?: unknown;
      readonly mayMiss?: boolean;
      readonly absent?: unknown;
    } = {},
  ) {}

  describe(description: string): Shape<Out, Need> {
    return new Shape(this.kind, { ...this.about, description });
  }

  optional(): Shape<Out, 'optional'> {
    return new Shape(this.kind, { ...this.about, mayMiss: true });
  }

  /** What stands for a value that is left out, as it would be written. */
  default(value: unknown): Shape<Out> {
    return new Shape(this.kind, { ...this.about, default: value });
  }

  /** Like `optional`; the default is filled in elsewhere, as it depends on other values. */
  optionalWith(value: unknown): Shape<Out, 'optional'> {
    return new Shape(this.kind, { ...this.about, mayMiss: true, default: value });
  }

  /** Like `optional`; what stands for a value that is left out could not be written. */
  orElse(absent: Out): Shape<Out> {
    return new Shape(this.kind, { ...this.about, mayMiss: true, absent });
  }

  /** Reads a value that is there, or one that was left out. */
  read(value: unknown, path: MutablePath, faults: Fault[]): Out | undefined | typeof INVALID {
    if (value === undefined) {
      if (this.about.mayMiss) return this.about.absent as Out | undefined;
      if (this.about.default !== undefined) return this.read(this.about.default, path, faults);
      const where = path.length > 1 ? ` in ${path.slice(0, -1).join('.')}` : '';
      faults.push({ path: [...path], message: `${String(path.at(-1))} is missing${where}` });
      return INVALID;
    }
    if (!this.kind.fits(value)) {
      faults.push(mismatch(value, path, this.kind.expects));
      return INVALID;
    }
    return this.kind.read(value as never, path, faults) as Out | typeof INVALID;
  }

  json(): Record<string, unknown> {
    const { description, default: byDefault } = this.about;
    return {
      ...(description === undefined ? {} : { description }),
      ...this.kind.json(),
      ...(byDefault === undefined ? {} : { default: byDefault }),
    };
  }
}

export type AnyShape = Shape<unknown, Presence>;

/** The type of the values that a shape reads. */
export type Output<S extends AnyShape> = S['out'];

function mismatch(value: unknown, path: MutablePath, expects: readonly string[]): Fault {
  const names = [...new Set(expects)];
  const list = names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)!}`;
  const subject = path.length === 0 ? 'the file' : path.join('.');
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  const hint = scalar && names.includes('text') ? `put quotes around it: "${String(value)}"` : undefined;
  return { path: [...path], message: `${subject} must be ${list}, not ${describe(value)}`, hint };
}

function describe(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  return `${typeof value === 'number' ? 'the number ' : ''}${String(value)}`;
}
