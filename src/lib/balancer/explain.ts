import * as z from 'zod';
import type { Problem } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { type Path, type Source, valueAt } from './source.ts';

type Issue = z.core.$ZodIssue;

/** A fault at a place of lb.yaml. */
export interface Fault {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string | undefined;
  /** What to point at: the value, or the key in front of it. */
  readonly part?: 'key' | 'value';
  /** Offsets into a text value, to point at a part of it. */
  readonly inside?: readonly [start: number, end: number];
}

/** Turns faults into problems with places. */
export function locate(faults: readonly Fault[], source: Source): Problem[] {
  return faults.map(({ path, message, hint, part, inside }) => ({
    message,
    ...(hint === undefined ? {} : { hint }),
    span: inside ? source.spanInside(path, ...inside) : source.spanOf(path, part),
  }));
}

/**
 * Error map for zod: keeps the known keys of an object with the issue, which zod itself throws away, so that the
 * nearest one can be named.
 */
export const knownKeys: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== 'unrecognized_keys') return undefined;
  const shape = (issue.inst?._zod.def as { shape?: object } | undefined)?.shape ?? {};
  return JSON.stringify(Object.keys(shape));
};

/** What zod found, as faults: every unknown key, wrong type and bad value, with the nearest name that exists. */
export function explain(issues: readonly Issue[], data: unknown): Fault[] {
  return issues.flatMap((issue) => explainOne(issue, [], data));
}

function explainOne(issue: Issue, base: Path, data: unknown): Fault[] {
  const path = [...base, ...(issue.path as (string | number)[])];
  const value = valueAt(data, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...path, key], key, JSON.parse(issue.message) as string[]));
    case 'invalid_union':
      return explainUnion(issue, path, data);
    case 'invalid_value':
      return [wrongChoice(path, value, issue.values.map(String))];
    case 'invalid_key':
      return [
        {
          path,
          part: 'key',
          message: `${quote(path.at(-1))} ${issue.issues[0]?.message ?? 'is not a valid name'}`,
        },
      ];
    case 'invalid_type':
      return [wrongType(path, value, [issue.expected])];
    default:
      return [
        {
          path,
          message:
            typeof value === 'object' ? sentence(path, issue.message) : `${quote(value)} ${issue.message}`,
        },
      ];
  }
}

/** Of the forms that a value may have, the one that was meant is the one whose outermost type fits. */
function explainUnion(issue: Extract<Issue, { code: 'invalid_union' }>, path: Path, data: unknown): Fault[] {
  const value = valueAt(data, path);
  const fitting = issue.errors.filter(
    (branch) => !branch.some((inner) => inner.path.length === 0 && isTypeMismatch(inner, value)),
  );
  if (fitting.length > 0) {
    const branch = fitting.reduce((best, other) => (other.length < best.length ? other : best));
    return branch.flatMap((inner) => explainOne(inner, path, data));
  }
  const choices = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []));
  if (choices.length > 1 && typeof value === 'string') return [wrongChoice(path, value, choices)];
  return [wrongType(path, value, issue.errors.flat().flatMap(expectedOf))];
}

function isTypeMismatch(issue: Issue, value: unknown): boolean {
  if (issue.code === 'invalid_type') return true;
  if (issue.code === 'invalid_union')
    return issue.errors.every((branch) =>
      branch.some((inner) => inner.path.length === 0 && isTypeMismatch(inner, value)),
    );
  // a fixed word is still the form that was meant when some word was written
  return (
    issue.code === 'invalid_value' &&
    !issue.values.some((allowed) => typeof allowed === 'string' && typeof value === 'string')
  );
}

function expectedOf(issue: Issue): string[] {
  if (issue.code === 'invalid_type') return [issue.expected];
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(expectedOf);
  return [];
}

function unknownKey(path: Path, key: string, known: readonly string[]): Fault {
  const close = nearest(key, known);
  const hint = close === undefined ? `known here: ${known.join(', ')}` : `did you mean ${close}?`;
  return { path, part: 'key', message: `unknown key ${quote(key)}${inside(path.slice(0, -1))}`, hint };
}

function wrongChoice(path: Path, value: unknown, allowed: readonly string[]): Fault {
  const close = typeof value === 'string' ? nearest(value, allowed) : undefined;
  const message = `${sentence(path, 'must be')} ${listed(allowed)}, not ${describe(value)}`;
  return { path, message, hint: close === undefined ? undefined : `did you mean ${close}?` };
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function wrongType(path: Path, value: unknown, expected: readonly string[]): Fault {
  const names = [...new Set(expected.map((type) => TYPE_NAMES[type] ?? type))];
  if (value === undefined)
    return { path, message: `${quote(path.at(-1))} is missing${inside(path.slice(0, -1))}` };
  const message = `${sentence(path, 'must be')} ${listed(names)}, not ${describe(value)}`;
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  return {
    path,
    message,
    hint: scalar && expected.includes('string') ? `put quotes around it: "${String(value)}"` : undefined,
  };
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`;
}

function inside(path: Path): string {
  return path.length === 0 ? '' : ` in ${path.join('.')}`;
}

function sentence(path: Path, rest: string): string {
  return path.length === 0 ? `the file ${rest}` : `${path.join('.')} ${rest}`;
}

function describe(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string'
    ? quote(value)
    : `${typeof value === 'number' ? 'the number ' : ''}${String(value)}`;
}

function quote(value: unknown): string {
  const text = String(value);
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}
