/** A JSON Schema, or a part of one. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

export const text: Schema = { type: 'string' };
export const number: Schema = { type: 'number' };
export const count: Schema = { type: 'integer', minimum: 0 };
export const flag: Schema = { type: 'boolean' };
/** A time in the form of ISO 8601, in UTC. */
export const time: Schema = { type: 'string', format: 'date-time' };

/** One of some words. */
export const word = (...words: readonly string[]): Schema => ({ enum: words });

export const list = (items: Schema): Schema => ({ type: 'array', items });

/** Keys that are names, with values of one form. */
export const map = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });

/** A value, or null where there is none. */
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });

/** The same with what it means. */
export const about = (description: string, schema: Schema): Schema => ({ ...schema, description });

/** An object that has all of these keys, but for those whose name ends in a question mark. */
export function object(keys: Readonly<Record<string, Schema>>): Schema {
  const names = Object.keys(keys);
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(keys).map(([name, schema]) => [bare(name), schema])),
    required: names.filter((name) => !name.endsWith('?')),
  };
}

function bare(name: string): string {
  return name.replace(/\?$/u, '');
}
