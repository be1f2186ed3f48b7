import { realpathSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { type Fault, locate } from '../../balancer/fault.ts';
import { either, list, object } from '../../balancer/shape/containers.ts';
import { boolean, choice, number, text } from '../../balancer/shape/scalars.ts';
import { INVALID } from '../../balancer/shape/kind.ts';
import { type AnyShape, Shape } from '../../balancer/shape/shape.ts';
import { parseSource, type Source } from '../../balancer/source.ts';
import { InvalidInput, reasonOf, UserError } from '../../errors.ts';
import type { Severity } from '../../lint/engine/finding.ts';
import { pageOf, type Severities } from '../../lint/engine/lint.ts';
import {
  BEHIND,
  type OptionValue,
  type Rule,
  type RuleInfo,
  type RuleOption,
} from '../../lint/engine/rule.ts';
import { builtIn } from '../../lint/rules/built-in.ts';
import { rules as registered } from '../../lint/rules/registry.ts';
import { nearest } from '../../nearest.ts';
import { VERSION } from '../../nginx/version.ts';
import { readBounded } from '../bounded.ts';

/** What a .lbctlrc.yaml says. */
export interface LintRc {
  /** What could be said by options, which win, in their form. */
  readonly flags: Readonly<Record<string, string | boolean>>;
  readonly severities: Severities;
  readonly options: Readonly<Record<string, Readonly<Record<string, OptionValue>>>>;
  /** Patterns, which start at its folder. */
  readonly ignore: readonly string[];
  readonly folder: string;
}

/**
 * Reads a .lbctlrc.yaml.
 * @param path absolute
 * @throws InvalidInput with every problem that was found, each with its place.
 */
export function readLintRc(path: string, cwd: string): LintRc {
  const inside = relative(cwd, path);
  // a file of a folder above is shorter to read as it is
  const name = inside.startsWith('..') ? path : inside;
  return lintRcOf(contentOf(path, name), name, dirname(realpathSync(path)));
}

/** The same from a text; `folder` is where its relative paths start. */
export function lintRcOf(
  content: string,
  name: string,
  folder: string,
  rules: readonly Rule[] = registered,
): LintRc {
  const source = parseSource(content, name, {
    hint: 'it starts with a key such as `target: "1.28"` or `rules:`',
    mayBeEmpty: true,
  });
  const faults: Fault[] = [];
  const read = lintRcShape(rules).read(unquoted(source), [], faults);
  if (read === INVALID || read === undefined) throw new InvalidInput(name, locate(faults, source));
  const { target, plus, behind, maxWarnings, baseline, ignore } = read;
  const said = read.rules as Readonly<Record<string, Said>> | undefined;
  return {
    flags: {
      ...(target === undefined ? {} : { target }),
      ...(plus === undefined ? {} : { plus }),
      ...(behind === undefined ? {} : { behind }),
      ...(maxWarnings === undefined ? {} : { maxWarnings: String(maxWarnings) }),
      ...(baseline === undefined ? {} : { baseline: resolve(folder, baseline) }),
    },
    ...settingsOf(said ?? {}, rules),
    ignore: ignore ?? [],
    folder,
  };
}

function contentOf(path: string, name: string): string {
  try {
    return readBounded(path, name).toString('utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new UserError('input', 'no-such-file', `there is no ${name}`, {
        hint: '--config names a .lbctlrc.yaml',
        cause,
      });
    throw new UserError('input', 'unreadable-file', `cannot read ${name}: ${reasonOf(cause)}`, { cause });
  }
}

/** YAML takes `1.30` for the number 1.3; what was written is what was meant. */
function unquoted(source: Source): unknown {
  const data = source.data as Record<string, unknown>;
  if (typeof data['target'] !== 'number') return data;
  const { sourceLine = '', column, endColumn } = source.spanOf(['target']);
  return { ...data, target: sourceLine.slice(column - 1, endColumn - 1) };
}

/** What is said of a rule, or of a family. */
type Said = Severity | 'off' | ({ readonly severity?: Severity | 'off' } & Readonly<Record<string, unknown>>);

function settingsOf(
  said: Readonly<Record<string, Said>>,
  rules: readonly Rule[],
): Pick<LintRc, 'severities' | 'options'> {
  const severities: Record<string, Severity | 'off'> = {};
  const options: Record<string, Record<string, OptionValue>> = {};
  for (const { id } of [...builtIn, ...rules]) {
    const own = said[id];
    const { severity, ...rest } = typeof own === 'string' ? { severity: own } : (own ?? {});
    const level = severity ?? said[id.split('/')[0]!];
    if (typeof level === 'string') severities[id] = level;
    if (Object.keys(rest).length > 0) options[id] = rest as Record<string, OptionValue>;
  }
  return { severities, options };
}

/** JSON Schema (draft 2020-12) of .lbctlrc.yaml. */
export function lintRcJsonSchema(): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: '.lbctlrc.yaml',
    ...lintRcShape(registered).json(),
  };
}

function lintRcShape(rules: readonly Rule[]) {
  return object({
    target: text(VERSION, 'is no version of NGINX, such as 1.30')
      .optional()
      .describe('The NGINX that has to load the configuration, such as 1.30.'),
    plus: boolean().optional().describe('Whether it is NGINX Plus.'),
    behind: choice(BEHIND).optional().describe('What clients meet in front of NGINX.'),
    rules: object(ruleShapes(rules), (name) => hintOnRule(name, rules))
      .optional()
      .describe('What becomes of the findings of rules, or of families of rules.'),
    ignore: list(text(/^[^!]/u, 'is no pattern, such as vendor/** or **/generated.conf'))
      .optional()
      .describe('Patterns of files and folders, from that of this file on, of which nothing is told.'),
    maxWarnings: number(0, Number.MAX_SAFE_INTEGER, { message: 'must be a whole number, or 0' })
      .optional()
      .describe('So many warnings do not change the exit code.'),
    baseline: text(/./u, 'names no file').optional().describe('File with the findings that are known.'),
  });
}

function ruleShapes(rules: readonly Rule[]): Record<string, AnyShape> {
  const all: readonly (RuleInfo & Pick<Rule, 'options'>)[] = [...builtIn, ...rules];
  const families = new Set(all.map(({ id }) => id.split('/')[0]!));
  return Object.fromEntries([
    ...[...families].map((family) => [
      family,
      severityFor(family).optional().describe(`All rules of ${family}.`),
    ]),
    ...all.map(({ id, summary, options = {} }) => [
      id,
      either(severityFor(id), object({ severity: severityFor(id).optional(), ...optionShapes(options) }))
        .optional()
        .describe(`${summary}: ${pageOf(id)}`),
    ]),
  ]) as Record<string, AnyShape>;
}

function optionShapes(options: Readonly<Record<string, RuleOption>>): Record<string, AnyShape> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { default: usual, summary }]) => [
      name,
      (typeof usual === 'number' ? numberLike(usual) : list(text())).optional().describe(summary),
    ]),
  );
}

function numberLike(usual: number): Shape<number> {
  const whole = Number.isInteger(usual);
  return number(0, Number.MAX_SAFE_INTEGER, {
    whole,
    message: whole ? 'must be a whole number, or 0' : 'must not be less than 0',
  });
}

function severityFor(name: string): Shape<Severity | 'off'> {
  return name.split('/')[0] === 'syntax'
    ? alwaysError(name)
    : choice(['off', 'info', 'warning', 'error'] as const);
}

/** What NGINX refuses cannot be made harmless by saying so. */
function alwaysError(name: string): Shape<'error'> {
  return new Shape({
    expects: ['error'],
    fits: (value) => typeof value === 'string',
    read(value: string, path, faults) {
      if (value === 'error') return value;
      faults.push({
        path: [...path],
        message: `${name} stays an error: NGINX does not load a configuration with such a fault`,
        hint: 'a finding that is wrong is left alone by a comment: # lbctl-ignore-next-line RULE -- why',
      });
      return INVALID;
    },
    json: () => ({ const: 'error' }),
  });
}

function hintOnRule(name: string, rules: readonly Rule[]): string {
  const ids = [...builtIn, ...rules].map(({ id }) => id);
  const families = ids.map((id) => id.split('/')[0]!);
  const short = (id: string): string => id.split('/')[1]!;
  const close =
    ids.find((id) => short(id) === name) ??
    nearest(name, [...ids, ...families]) ??
    ids.find((id) => short(id) === nearest(name, ids.map(short)));
  return close === undefined ? '`lbctl rules` lists them' : `did you mean ${close}?`;
}
