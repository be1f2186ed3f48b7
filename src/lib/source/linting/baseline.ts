import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { reasonOf, UserError } from '../../errors.ts';
import type { Finding } from '../../lint/engine/finding.ts';
import { FAILED_RULE } from '../../lint/engine/lint.ts';
import { readBounded } from '../bounded.ts';
import type { LintedFile, LintResult } from './run.ts';
import { realPath } from '../real-path.ts';
import { writeFileWhole } from '../replace-file.ts';

/** A finding that is known: not where it stands, as lines move, but what stands there. */
interface Known {
  /** Relative to the folder of the baseline, or absolute where it is not below it. */
  readonly file: string;
  readonly rule: string;
  /** Digest of the line. */
  readonly line: string;
  /** Digest of the lines around it, which tells equal lines from each other. */
  readonly around: string;
}

/** Findings that were there before lint was, to be mended in time. */
interface Baseline {
  readonly path: string;
  readonly known: readonly Known[];
}

/** Findings that are not in the baseline, and what is left of it. */
export interface Compared {
  readonly fresh: readonly Finding[];
  readonly known: readonly Finding[];
  /** Entries of the baseline that nothing is found for any more, in files that were looked at or are gone. */
  readonly gone: readonly Known[];
}

const FORMAT = 'lbctl lint baseline';
const VERSION = 1;

/**
 * Reads a baseline.
 * @throws UserError `input` where there is none, or where it is something else.
 */
export function readBaseline(path: string, name: string): Baseline {
  let text: string;
  try {
    text = readBounded(path, name).toString('utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new UserError('input', 'no-such-file', `there is no baseline ${name}`, {
        hint: `make it: lbctl lint --baseline ${name} --update-baseline FILES`,
        cause,
      });
    throw new UserError('input', 'unreadable-file', `cannot read ${name}: ${reasonOf(cause)}`, { cause });
  }
  return { path, known: parse(text, name) };
}

function parse(text: string, name: string): Known[] {
  const refuse = (why: string, hint: string): never => {
    throw new UserError('input', 'bad-baseline', `${name} is no baseline of lbctl lint: ${why}`, { hint });
  };
  const again = 'take it from version control, or remove it and run with --update-baseline';
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return refuse((error as Error).message, again);
  }
  if (!isRecord(document) || document['format'] !== FORMAT)
    return refuse(`its format is not "${FORMAT}"`, 'name another file');
  const { version, findings } = document;
  if (typeof version === 'number' && version > VERSION)
    return refuse(`its version is ${version}, which a newer lbctl wrote`, 'update lbctl');
  if (version !== VERSION || !Array.isArray(findings)) return refuse('it has no list of findings', again);
  for (const [index, one] of findings.entries())
    if (!isKnown(one)) return refuse(`its finding ${index + 1} is none`, again);
  return findings as Known[];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isKnown(value: unknown): value is Known {
  return isRecord(value) && ['file', 'rule', 'line', 'around'].every((key) => typeof value[key] === 'string');
}

/** What NGINX refuses, and rules that failed, are never known: such a run has not looked at all there is. */
function canBeKnown({ rule }: Finding): boolean {
  return rule !== FAILED_RULE && !rule.startsWith('syntax/');
}

/** Tells the findings that a baseline holds from the others. Each entry stands for one finding. */
export function compare(baseline: Baseline, { findings, sources }: LintResult): Compared {
  const names = namesIn(baseline.path, sources);
  const entry = entries(names, sources);
  const left = new Map<string, Known[]>();
  for (const one of baseline.known) {
    const same = left.get(keyOf(one));
    if (same) same.push(one);
    else left.set(keyOf(one), [one]);
  }
  const take = (own: Known, exactly: boolean): boolean => {
    const same = left.get(keyOf(own)) ?? [];
    const at = exactly ? same.findIndex(({ around }) => around === own.around) : 0;
    return at >= 0 && same.splice(at, 1).length > 0;
  };
  const known = new Set<Finding>();
  const pairs = findings.filter(canBeKnown).map((finding) => ({ finding, own: entry(finding) }));
  // those whose neighbours are the same come first, so that of equal lines the new one is told
  for (const exactly of [true, false])
    for (const { finding, own } of pairs) if (!known.has(finding) && take(own, exactly)) known.add(finding);
  const seen = new Set(names.values());
  return {
    fresh: findings.filter((finding) => !known.has(finding)),
    known: [...known],
    gone: [...left.values()].flat().filter(({ file }) => isOver(file, baseline.path, seen)),
  };
}

/** Whether nothing more can be found for entries of a file: it was looked at, or it is not there. */
function isOver(file: string, baseline: string, seen: ReadonlySet<string>): boolean {
  return seen.has(file) || !existsSync(file.startsWith('/') ? file : join(dirname(baseline), file));
}

/**
 * Writes what is found now as known. What an earlier baseline says of files that were not looked at stays.
 * @throws UserError `input` where something else is in the way, `failed` where it cannot be written.
 */
export async function updateBaseline(
  path: string,
  name: string,
  { findings, sources }: LintResult,
): Promise<Baseline> {
  const before = existsSync(path) ? readBaseline(path, name).known : [];
  const names = namesIn(path, sources);
  const seen = new Set(names.values());
  const entry = entries(names, sources);
  const known = [
    ...before.filter(({ file }) => !isOver(file, path, seen)),
    ...findings.filter(canBeKnown).map(entry),
  ].toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  try {
    await writeFileWhole(path, textOf(known));
  } catch (cause) {
    throw new UserError('failed', 'cannot-write', `cannot write ${name}: ${(cause as Error).message}`, {
      cause,
    });
  }
  return { path, known };
}

function orderOf({ file, rule, line, around }: Known): string {
  return [file, rule, line, around].join('\0');
}

/** A finding a line, so that changes of it can be read and merged. */
function textOf(known: readonly Known[]): string {
  const head = `{\n  "format": ${JSON.stringify(FORMAT)},\n  "version": ${VERSION},\n  "findings": [`;
  const lines = known.map(
    ({ file, rule, line, around }) => `\n    ${JSON.stringify({ file, rule, line, around })}`,
  );
  return `${head}${lines.join(',')}${lines.length > 0 ? '\n  ' : ''}]\n}\n`;
}

function keyOf({ file, rule, line }: Known): string {
  return JSON.stringify([file, rule, line]);
}

/** A function that makes entries of findings. */
function entries(
  names: ReadonlyMap<string, string>,
  sources: ReadonlyMap<string, LintedFile>,
): (finding: Finding) => Known {
  const texts = new Map<string, readonly string[]>();
  const linesOf = (name: string): readonly string[] => {
    let lines = texts.get(name);
    if (!lines) texts.set(name, (lines = (sources.get(name)?.text ?? '').split('\n')));
    return lines;
  };
  return ({ file, rule, line, column, sourceLine }) => {
    const lines = linesOf(file);
    return {
      file: names.get(file) ?? file,
      rule,
      line: digest(stretch(sourceLine, column)),
      around: digest(`${neighbour(lines, line - 1, -1)}\n${neighbour(lines, line - 1, 1)}`),
    };
  };
}

/** Most of a line that is looked at: the rest of one that holds a whole configuration has nothing to do with a finding. */
const STRETCH = 240;

function stretch(line: string, column: number): string {
  if (line.length <= STRETCH) return line;
  const from = Math.max(0, column - 1 - STRETCH / 2);
  return line.slice(from, from + STRETCH);
}

/** The next line in a direction that holds something. */
function neighbour(lines: readonly string[], from: number, step: 1 | -1): string {
  let at = from + step;
  while (lines[at]?.trim() === '') at += step;
  return (lines[at] ?? '').slice(0, STRETCH);
}

/** White space says nothing, so that files can be formatted. */
function digest(text: string): string {
  return createHash('sha256').update(text.trim().replaceAll(/\s+/gu, ' ')).digest('hex').slice(0, 16);
}

/** What a baseline calls files, by the names that findings have: the same whatever folder lint runs in. */
function namesIn(baseline: string, sources: ReadonlyMap<string, LintedFile>): Map<string, string> {
  const folder = realPath(dirname(baseline));
  const names = new Map<string, string>();
  for (const [name, { path }] of sources) {
    if (path === undefined) {
      names.set(name, name);
      continue;
    }
    const real = realPath(path);
    const below = relative(folder, real);
    names.set(name, below.startsWith('../') ? real : below);
  }
  return names;
}
