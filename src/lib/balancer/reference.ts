import { jsonSchema } from './json-schema.ts';

/** The part of a JSON Schema that the shapes of lb.yaml make use of. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
}

/** A key of lb.yaml. */
interface Key {
  readonly key: string;
  readonly required: boolean;
  /** What may stand there, such as `text or mapping`; values that are meant literally stand between backticks. */
  readonly value: string;
  /** Empty where there is none, or none that fits on a line. */
  readonly default: string;
  readonly meaning: string;
}

/** A mapping of lb.yaml with keys of its own. */
export interface Section {
  /** Where it stands, such as `listeners.NAME.tls`; empty for the file itself. */
  readonly path: string;
  readonly description: string;
  /** The section that has the same keys and lists them; then `keys` is empty. */
  readonly same?: string;
  readonly keys: readonly Key[];
}

/** All of lb.yaml, mapping by mapping, in the order in which they are met. */
export function reference(): readonly Section[] {
  return sectionsOf('', jsonSchema(), new Map());
}

/** @param written where keys have been listed already, by the keys. */
function sectionsOf(path: string, schema: Schema, written: Map<string, string>): Section[] {
  const mapping = mappingOf(schema);
  if (!mapping) return [];
  const { additionalProperties: free, properties, required = [] } = mapping;
  if (typeof free === 'object') return sectionsOf(`${path}.NAME`, free, written);
  if (!properties) return [];
  const description = path === '' ? '' : (schema.description ?? '');
  const shape = JSON.stringify(properties);
  const same = written.get(shape);
  if (same !== undefined) return [{ path, description, same, keys: [] }];
  written.set(shape, path);
  const keys = Object.entries(properties).map(([key, value]) => ({
    key,
    required: required.includes(key),
    value: valueOf(value),
    default: value.default === undefined || typeof value.default === 'object' ? '' : String(value.default),
    meaning: value.description ?? '',
  }));
  const inner = Object.entries(properties).flatMap(([key, value]) =>
    sectionsOf(path === '' ? key : `${path}.${key}`, value, written),
  );
  return [{ path, description, keys }, ...inner];
}

/** Notation of the short forms and of single values. */
function valueOf(schema: Schema): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(valueOf))].join(' or ');
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.type === 'array') return `list of ${valueOf(schema.items ?? {})}`;
  return TYPES[schema.type ?? ''] ?? 'anything';
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'number',
  number: 'number',
  boolean: '`true` or `false`',
  object: 'mapping',
};

/** The mapping that a value is, or may be. */
function mappingOf(schema: Schema): Schema | undefined {
  if (schema.type === 'object') return schema;
  if (schema.type === 'array') return mappingOf(schema.items ?? {});
  // a list may be the short form of a mapping
  const forms = schema.anyOf?.toSorted((a, b) => Number(a.type === 'array') - Number(b.type === 'array'));
  return forms?.map(mappingOf).find((form) => form !== undefined);
}
