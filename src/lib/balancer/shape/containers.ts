import { nearest } from '../../nearest.ts';
import { type Fault, quote } from '../fault.ts';

import { takes, written } from './instead.ts';
import { INVALID, type Kind, type MutablePath } from './kind.ts';
import { type AnyShape, type Output, Shape } from './shape.ts';

type Fields = Readonly<Record<string, AnyShape>>;

type Flat<T> = { [Key in keyof T]: T[Key] };

type ObjectOf<F extends Fields> = Flat<
  { [Key in keyof F as F[Key]['need'] extends 'optional' ? never : Key]: Output<F[Key]> } & {
    [Key in keyof F as F[Key]['need'] extends 'optional' ? Key : never]?: Output<F[Key]> | undefined;
  }
>;

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A mapping with known keys and no others.
 * @param hintFor helps with a key that is none, in place of the nearest one and the list of all.
 */
export function object<F extends Fields>(
  fields: F,
  hintFor?: (key: string) => string | undefined,
): Shape<ObjectOf<F>> {
  const shapes = Object.entries(fields);
  const required = shapes.filter(([, { about }]) => !about.mayMiss && about.default === undefined);
  return new Shape({
    expects: ['a mapping'],
    fits: isMapping,
    keys: [...new Set([...required, ...shapes].map(([key]) => key))],
    hint(value) {
      const [only, ...others] = required;
      const isOne = only !== undefined && others.length === 0 && takes(only[1].kind, value);
      return isOne ? `write { ${only[0]}: ${written(value)} }` : undefined;
    },
    read(value: Record<string, unknown>, path, faults) {
      const before = faults.length;
      /** Keys that were misspelled: that they are missing was said already. */
      const meant = new Set<string>();
      for (const key of Object.keys(value)) {
        if (Object.hasOwn(fields, key)) continue;
        const close = nearest(key, Object.keys(fields));
        if (close !== undefined) meant.add(close);
        const hint =
          hintFor?.(key) ??
          (close === undefined ? belonging(key, value, shapes) : undefined) ??
          hintOn(Object.keys(fields), close);
        faults.push(unknownKey(key, path, hint));
      }
      const result: Record<string, unknown> = {};
      for (const [key, shape] of shapes) {
        if (meant.has(key) && !Object.hasOwn(value, key)) continue;
        path.push(key);
        const read = shape.read(Object.hasOwn(value, key) ? value[key] : undefined, path, faults);
        path.pop();
        if (read !== undefined && read !== INVALID) result[key] = read;
      }
      return faults.length > before ? INVALID : result;
    },
    json() {
      return {
        type: 'object',
        properties: Object.fromEntries(shapes.map(([key, shape]) => [key, shape.json()])),
        ...(required.length > 0 ? { required: required.map(([key]) => key) } : {}),
        additionalProperties: false,
      };
    },
  });
}

/** Where a key belongs that the mapping of one other key has. */
function belonging(
  key: string,
  value: Record<string, unknown>,
  shapes: readonly (readonly [string, AnyShape])[],
): string | undefined {
  const below = shapes.filter(([, { kind }]) => kind.keys?.includes(key));
  const [[name, { kind }] = ['', { kind: undefined }]] = below;
  if (below.length !== 1 || typeof value[key] === 'object') return undefined;
  const beside = value[name];
  const [first] = kind!.keys!;
  const rest = beside === undefined || typeof beside === 'object' ? '…' : `${first}: ${written(beside)}`;
  return `${key} belongs into ${name}: { ${rest}, ${key}: ${written(value[key])} }`;
}

function hintOn(known: readonly string[], close: string | undefined): string {
  return close === undefined ? `known here: ${known.join(', ')}` : `did you mean ${close}?`;
}

function unknownKey(key: string, path: MutablePath, hint: string): Fault {
  const where = path.length === 0 ? '' : ` in ${path.join('.')}`;
  return { path: [...path, key], part: 'key', message: `unknown key ${quote(key)}${where}`, hint };
}

/** A mapping whose keys are free within a shape, and whose values are alike. */
export function record<Value>(keys: Shape<string>, values: Shape<Value>): Shape<Record<string, Value>> {
  return new Shape({
    expects: ['a mapping'],
    fits: isMapping,
    read(value: Record<string, unknown>, path, faults) {
      const before = faults.length;
      const result: [string, unknown][] = [];
      for (const [key, given] of Object.entries(value)) {
        path.push(key);
        const keyFaults: Fault[] = [];
        keys.read(key, path, keyFaults);
        for (const fault of keyFaults) faults.push({ ...fault, part: 'key' });
        result.push([key, values.read(given, path, faults)]);
        path.pop();
      }
      return faults.length > before ? INVALID : Object.fromEntries(result);
    },
    json: () => ({ type: 'object', propertyNames: keys.json(), additionalProperties: values.json() }),
  });
}

/** A list of values that are alike; `empty` is what is wrong with one that holds none, where that is wrong. */
export function list<Value>(values: Shape<Value>, empty?: string): Shape<Value[]> {
  return new Shape({
    expects: ['a list'],
    fits: Array.isArray,
    read(value: unknown[], path, faults) {
      const before = faults.length;
      if (value.length === 0 && empty !== undefined)
        faults.push({ path: [...path], message: `${path.join('.')} ${empty}` });
      const result = value.map((item, index) => {
        path.push(index);
        const read = values.read(item, path, faults);
        path.pop();
        return read;
      });
      return faults.length > before ? INVALID : result;
    },
    json: () => ({ type: 'array', items: values.json(), ...(empty === undefined ? {} : { minItems: 1 }) }),
  });
}

/** One of several kinds of value; the first that fits at its outermost was meant. */
export function either<Shapes extends readonly AnyShape[]>(...shapes: Shapes): Shape<Output<Shapes[number]>> {
  const kinds = shapes.map(({ kind }) => kind);
  return new Shape({
    expects: kinds.flatMap(({ expects }) => expects),
    fits: (value) => kinds.some((kind) => kind.fits(value)),
    read: (value, path, faults) => kinds.find((kind) => kind.fits(value))!.read(value, path, faults),
    hint: (value) => kinds.map((kind) => kind.hint?.(value)).find((hint) => hint !== undefined),
    keys: kinds.flatMap(({ keys = [] }) => keys),
    json: () => ({ anyOf: shapes.map((shape) => shape.json()) }),
  });
}

/**
 * A value with a short form for the usual case: `expand` turns what was written shortly into what the long form
 * would be, whose defaults then apply.
 */
export function shorthand<Long, Short>(
  long: Shape<Long>,
  short: Shape<Short>,
  expand: (value: Short) => unknown,
): Shape<Long> {
  const shortKind: Kind<Long> = {
    ...short.kind,
    read(value, path, faults) {
      const read = short.kind.read(value, path, faults);
      return read === INVALID
        ? INVALID
        : (long.read(expand(read as Short), path, faults) as Long | typeof INVALID);
    },
  };
  return either(new Shape<Long>(shortKind, short.about), long);
}
