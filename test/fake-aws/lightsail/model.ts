import * as sdk from '@aws-sdk/client-lightsail';
import { type Constraint, CONSTRAINTS } from './constraints.ts';
import { invalid } from './refusal.ts';

/** A request after it was checked: what must be there is. */
export type Checked<T> = { readonly [K in keyof T]: object extends Pick<T, K> ? T[K] : NonNullable<T[K]> };

/** A schema of the SDK: a number for what is simple, or a tuple whose first number tells what it describes. */
type Schema = number | string | readonly unknown[] | (() => Schema);

const OPERATIONS = sdk as unknown as Readonly<Record<string, readonly Schema[]>>;

/**
 * Throws what the service answers to an input that its model does not allow. Shapes and required members are those that
 * the SDK is generated from; patterns and enumerations stand in constraints.ts. The real service passes over members that
 * it does not know; here they are refused, since they are a mistake in any case. The wording is that of other services
 * of AWS (unverified).
 */
export function checkInput(operation: string, input: unknown): void {
  const faults = check(OPERATIONS[`${operation}$`]![4]!, input, '', '', CONSTRAINTS);
  if (faults.length === 0) return;
  if (faults.length === 1 && faults[0]!.includes('valid resource name')) throw invalid(faults[0]!);
  const count = `${faults.length} validation error${faults.length === 1 ? '' : 's'} detected`;
  throw invalid(`${count}: ${faults.join('; ')}`);
}

/** Throws where what the fake answers is nothing that the service could answer. */
export function checkOutput(operation: string, output: unknown): void {
  const faults = check(OPERATIONS[`${operation}$`]![5]!, output, '', '', {});
  if (faults.length > 0) throw new Error(`${operation} answers what it cannot: ${faults.join('; ')}`);
}

type Rules = Readonly<Record<string, Constraint>>;

function check(schema: Schema, value: unknown, path: string, member: string, rules: Rules): string[] {
  if (typeof schema === 'function') return check(schema(), value, path, member, rules);
  if (typeof schema === 'number') return checkSimple(schema, value, path, member, rules);
  const [kind] = schema as readonly unknown[];
  if (kind === 3) return checkStructure(schema as readonly unknown[], value, path, rules);
  if (kind === 1) return checkList(schema[4] as Schema, value, path, member, rules);
  // a schema with traits, such as that it must not be logged
  if (kind === 0) return checkSimple(schema[4] as number, value, path, member, rules);
  return check(kind as Schema, value, path, member, rules);
}

function checkStructure(schema: readonly unknown[], value: unknown, path: string, rules: Rules): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`Value at '${path}' must be a structure`];
  const [, , name, , members, types, required = 0] = schema as [
    0,
    0,
    string,
    0,
    readonly string[],
    readonly Schema[],
    number?,
  ];
  const given = value as Readonly<Record<string, unknown>>;
  const at = (member: string): string => (path === '' ? member : `${path}.${member}`);
  return [
    ...Object.keys(given)
      .filter((member) => !members.includes(member))
      .map((member) => `Unknown member '${at(member)}'`),
    ...members.flatMap((member, index) => {
      if (given[member] !== undefined && given[member] !== null) {
        const rule = `${name}.${member}` in rules ? `${name}.${member}` : member;
        return check(types[index]!, given[member], at(member), rule, rules);
      }
      return index < required
        ? [`Value null at '${at(member)}' failed to satisfy constraint: Member must not be null`]
        : [];
    }),
  ];
}

function checkList(schema: Schema, value: unknown, path: string, member: string, rules: Rules): string[] {
  if (!Array.isArray(value)) return [`Value at '${path}' must be a list`];
  return value.flatMap((item, index) => check(schema, item, `${path}.${index + 1}.member`, member, rules));
}

const SIMPLE = ['string', 'number', 'boolean'];
/** Flags of schemas of lists and maps of something simple. */
const LIST = 64;
const MAP = 128;
/** From here on, the numbers of schemas are those of times: seconds since 1970. */
const TIMES = 4;

function checkSimple(schema: number, value: unknown, path: string, member: string, rules: Rules): string[] {
  if (schema >= MAP) return typeof value === 'object' ? [] : [`Value at '${path}' must be a map`];
  if (schema >= LIST) return checkList(schema - LIST, value, path, member, rules);
  const type = schema >= TIMES ? 'number' : SIMPLE[schema]!;
  if (schema >= TIMES && value instanceof Date) return [];
  if (typeof value !== type) return [`Value at '${path}' must be a ${type}`];
  const fault = typeof value === 'string' ? rules[member]?.(value) : undefined;
  return fault === undefined ? [] : [fault];
}
