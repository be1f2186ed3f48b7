import type { Fault } from '../fault.ts';
import { insteadOf } from './instead.ts';
import { INVALID, type Kind, type MutablePath } from './kind.ts';

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

  /** Tells what to write in place of values that are wrong. */
  instead(hint: (value: unknown) => string | undefined): Shape<Out, Need> {
    const { kind } = this;
    return new Shape(
      {
        ...kind,
        hint,
        read(value, path, faults) {
          const before = faults.length;
          const read = kind.read(value, path, faults);
          const fault = faults[before];
          if (read === INVALID && fault && fault.hint === undefined)
            faults[before] = { ...fault, hint: hint(value) };
          return read;
        },
      },
      this.about,
    );
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
      faults.push({
        path: [...path],
        message: `${String(path.at(-1))} is missing${where}`,
        hint: this.kind.hint?.(undefined),
      });
      return INVALID;
    }
    if (!this.kind.fits(value)) {
      faults.push(mismatch(value, path, this.kind));
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

function mismatch(value: unknown, path: MutablePath, kind: Kind<unknown>): Fault {
  const names = [...new Set(kind.expects)];
  const list = names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)!}`;
  const subject = path.length === 0 ? 'the file' : path.join('.');
  const hint = insteadOf(value, kind);
  return { path: [...path], message: `${subject} must be ${list}, not ${describe(value)}`, hint };
}

function describe(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  return `${typeof value === 'number' ? 'the number ' : ''}${String(value)}`;
}
