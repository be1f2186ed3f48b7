import { nearest } from '../../nearest.ts';
import { type Fault, listed, quote } from '../fault.ts';
import { INVALID, type Kind, type MutablePath } from './kind.ts';
import { Shape } from './shape.ts';

/** What a text must be like, beside being text. */
interface TextRules {
  readonly pattern?: RegExp;
  /** Completes a sentence that starts with the value: `must be …`. */
  readonly message?: string;
  /** Conditions that no pattern can say, and their messages. */
  readonly also?: readonly (readonly [test: (text: string) => boolean, message: string])[];
}

/** Text that matches a pattern. */
export function text(pattern?: RegExp, message?: string, also: TextRules['also'] = []): Shape<string> {
  return new Shape(
    textKind({ ...(pattern ? { pattern } : {}), ...(message === undefined ? {} : { message }), also }),
  );
}

/** A text shape narrowed by a further pattern. */
export function narrowed(shape: Shape<string>, pattern: RegExp, message: string): Shape<string> {
  const outer = shape.kind as Kind<string>;
  const inner = textKind({ pattern, message });
  return new Shape<string>({
    ...inner,
    read(value, path, faults) {
      return outer.read(value, path, faults) === INVALID ? INVALID : inner.read(value, path, faults);
    },
  });
}

function textKind({ pattern, message = 'is not allowed here', also = [] }: TextRules): Kind<string> {
  return {
    expects: ['text'],
    fits: (value) => typeof value === 'string',
    read(value: string, path, faults) {
      if (pattern && !pattern.test(value)) return refuse(faults, path, `${quote(value)} ${message}`);
      for (const [test, problem] of also) {
        if (!test(value)) return refuse(faults, path, `${quote(value)} ${problem}`);
      }
      return value;
    },
    json: () => ({ type: 'string', ...(pattern ? { pattern: pattern.source } : {}) }),
  };
}

/** A number within limits, both included. `whole` refuses fractions. */
export function number(
  min: number,
  max: number,
  { whole = true, message }: { whole?: boolean; message?: string } = {},
): Shape<number> {
  const range = message ?? `must be ${whole ? 'a whole number ' : ''}from ${min} to ${max}`;
  return new Shape({
    expects: [whole ? 'a whole number' : 'a number'],
    fits: (value) => typeof value === 'number',
    read(value: number, path, faults) {
      const good = value >= min && value <= max && (!whole || Number.isInteger(value));
      return good ? value : refuse(faults, path, `${value} ${range}`);
    },
    json: () => ({ type: whole ? 'integer' : 'number', minimum: min, maximum: max }),
  });
}

export function boolean(): Shape<boolean> {
  return new Shape({
    expects: ['true or false'],
    fits: (value) => typeof value === 'boolean',
    read: (value: boolean) => value,
    json: () => ({ type: 'boolean' }),
  });
}

/** One value and no other. */
export function only<const Value extends string | number | boolean>(wanted: Value): Shape<Value> {
  return new Shape({
    expects: [String(wanted)],
    fits: (value) => value === wanted,
    read: (value: Value) => value,
    json: () => ({ const: wanted }),
  });
}

/** One of several words or numbers; the nearest is named when another was written. */
export function choice<const Value extends string | number>(values: readonly Value[]): Shape<Value> {
  const words = values.map(String);
  return new Shape({
    expects: words,
    // another word of the same type was meant to be one of these
    fits: (value) => values.some((allowed) => typeof allowed === typeof value),
    read(value: Value, path, faults) {
      if (values.includes(value)) return value;
      const close = nearest(String(value), words);
      const hint = close === undefined ? undefined : `did you mean ${close}?`;
      faults.push({
        path: [...path],
        message: `${path.join('.')} must be ${listed(words)}, not ${quote(value)}`,
        hint,
      });
      return INVALID;
    },
    json: () => ({ enum: values }),
  });
}

function refuse(faults: Fault[], path: MutablePath, message: string): typeof INVALID {
  faults.push({ path: [...path], message });
  return INVALID;
}
