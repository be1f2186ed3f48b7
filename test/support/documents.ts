import { type Schema as Checked, type Validate, validator } from '@exodus/schemasafe';
import { commands } from '../../src/commands/registry.ts';
import type { Schema } from '../../src/documents/notation.ts';
import { documents } from '../../src/documents/registry.ts';

const validators = new Map<string, Validate>();

/**
 * Checks what a command has printed under `--json` against its schema, which must name every key that is there.
 * @throws Error that says what does not fit, and where.
 */
export function assertDocument(args: readonly string[], stdout: string): void {
  const name = nameIn(args);
  // a schema is no document, and what is interrupted before it has done anything prints none
  if (name === 'schema' || stdout === '') return;
  const document = JSON.parse(stdout) as Record<string, unknown>;
  const failed = 'error' in document;
  const problem = failed ? faultIn('failure', document) : faultIn(name ?? '', document);
  if (problem !== undefined)
    throw new Error(`lbctl ${args.join(' ')} prints what its schema does not have: ${problem}`);
  if (!failed || name === undefined) return;
  // what was done by then has the form that it has without the failure
  const { error: _, ...done } = document;
  const unknown = Object.keys(done).filter((key) => !keysOf(documents[name]!).has(key));
  if (unknown.length > 0)
    throw new Error(`lbctl ${name} fails with keys of no schema: ${unknown.join(', ')}`);
}

/** The command of a line: `pool list` of `pool list web --json`; undefined where it names none. */
function nameIn(args: readonly string[]): string | undefined {
  const words = args.filter((arg) => !arg.startsWith('-'));
  if (words[0] === 'help' || args.includes('--help') || args.includes('-h')) return 'help';
  const spec = commands.find(({ name }) => name === words[0]);
  if (!spec || !('commands' in spec)) return spec?.name;
  const inner = spec.commands.find(({ name }) => name === words[1]);
  return inner && `${spec.name} ${inner.name}`;
}

/** What of a document its schema does not have; undefined where it fits. */
export function faultIn(name: string, document: unknown): string | undefined {
  const schema = documents[name];
  if (!schema) return `there is no schema of ${name}`;
  const check =
    validators.get(name) ??
    validator(closed(schema) as Checked, { includeErrors: true, mode: 'lax', formatAssertion: true });
  validators.set(name, check);
  return check(document as never) ? undefined : JSON.stringify(check.errors);
}

/** A schema that allows no key beside those that it names. */
function closed(schema: Schema): Schema {
  const inner = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(inner)
      : typeof value === 'object' && value !== null
        ? closed(value as Schema)
        : value;
  const within = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, inner(value)]));
  const isObject = 'properties' in schema && !('additionalProperties' in schema) && !('anyOf' in schema);
  return isObject ? { ...within, additionalProperties: false } : within;
}

/** Keys that a document may have, in whichever of its forms. */
function keysOf({ properties, anyOf = [] }: Schema): Set<string> {
  const forms = (anyOf as readonly Schema[]).flatMap((form) => [...keysOf(form)]);
  return new Set([...Object.keys(properties ?? {}), ...forms]);
}
