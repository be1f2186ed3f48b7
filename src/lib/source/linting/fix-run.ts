import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf, UserError } from '../../errors.ts';
import { fixAll, type FixedFile, type Look, type Seen } from '../../lint/fixes/fixing.ts';
import { unifiedDiff } from '../../nginx/format/diff.ts';
import { pairedNearby } from '../../nginx/format/nearby.ts';
import { readDump } from '../../nginx/include/dump.ts';
import type { FixMode } from './fix-mode.ts';
import { decode, encode, type EncodedText } from '../nginx-text.ts';
import { replaceFile } from '../replace-file.ts';

export interface FixPlan<S extends Seen> {
  readonly look: Look<S>;
  readonly mode: FixMode;
  /** Colours a diff for stdout. */
  readonly paint: (diff: string) => string;
  /** The text from stdin with its path; no file is changed then. */
  readonly stdin?: { readonly path: string; readonly bytes: Buffer } | undefined;
  /** Paths of the files that were named. */
  readonly paths: readonly string[];
}

/** A file as `--json` tells it. */
interface FixedEntry {
  readonly file: string;
  /** How many findings were mended in it. */
  readonly count: number;
  /** With `--fix-dry-run`. */
  readonly diff?: string;
  /** What stdin becomes. */
  readonly content?: string;
}

/** What was done, as `--json` tells it. */
export interface FixReport {
  /** How many findings were mended. */
  readonly count: number;
  readonly files: readonly FixedEntry[];
  /** Findings whose fix was not taken, as NGINX would refuse the result. */
  readonly leftOut: readonly { readonly rule: string; readonly file: string; readonly line: number }[];
}

export interface FixRun<S extends Seen> {
  /** What is left. */
  readonly seen: S;
  readonly report: FixReport;
  /** For stdout: diffs, or the text of stdin, each in the encoding of its file. */
  readonly output: readonly EncodedText[];
  /** Files that could not be written, with the reason. */
  readonly failures: readonly string[];
}

/**
 * Mends what has one safe answer in the files of a run. Each file is replaced at once: whenever this is stopped, it is
 * as it was or has all that is mended in it.
 * @throws UserError where the texts are those of another machine.
 */
export async function fixFiles<S extends Seen>(plan: FixPlan<S>): Promise<FixRun<S>> {
  const { look, stdin, paths } = plan;
  const isDry = plan.mode === 'dry';
  refuseDumps(stdin ? [stdin.bytes] : paths.flatMap((path) => bytesOf(path) ?? []));
  const refusals = new Map<string, string | undefined>();
  const mayChange = (path: string): boolean => {
    if (stdin) return path === stdin.path;
    if (isDry) return true;
    if (!refusals.has(path)) refusals.set(path, refusalOf(path));
    return refusals.get(path) === undefined;
  };
  const { seen, files, leftOut } = await fixAll(look, mayChange);
  const reportOf = (entries: readonly FixedEntry[]): FixReport => ({
    count: entries.reduce((sum, { count }) => sum + count, 0),
    files: entries,
    leftOut: leftOut.map(({ rule, file, line }) => ({ rule, file, line })),
  });
  if (isDry || stdin) {
    const { entries, output } = isDry ? shown(files, plan) : ofStdin(files, stdin!.bytes);
    return { seen, report: reportOf(entries), output, failures: [] };
  }
  const failures = refused(seen, refusals);
  const written: FixedEntry[] = [];
  for (const file of files) {
    const failure = await write(file);
    if (failure === undefined) written.push({ file: file.name, count: file.count });
    else failures.push(failure);
  }
  // what is left is in the files as they are now
  const left = written.length === files.length ? seen : await look(new Map());
  return { seen: left, report: reportOf(written), output: [], failures };
}

function refuseDumps(texts: readonly Buffer[]): void {
  if (!texts.some((bytes) => readDump(decode(bytes).text))) return;
  throw new UserError('usage', 'cannot-fix-dump', 'what nginx -T prints is not a file that can be fixed', {
    hint: 'run it where the files are: lbctl lint --fix /etc/nginx/nginx.conf',
  });
}

/** What goes to stdout, and what is told of it. */
interface Shown {
  readonly entries: readonly FixedEntry[];
  readonly output: readonly EncodedText[];
}

/** What stdin becomes, whether something was mended in it or not. */
function ofStdin(files: readonly FixedFile[], bytes: Buffer): Shown {
  const { text, encoding } = decode(bytes);
  const [file] = files;
  const content = file?.text ?? text;
  return {
    entries: file ? [{ file: file.name, count: file.count, content }] : [],
    output: [{ text: content, encoding }],
  };
}

function shown(files: readonly FixedFile[], { stdin, paint }: Pick<FixPlan<Seen>, 'stdin' | 'paint'>): Shown {
  const diffs = files.map(({ name, path, before, text, count }) => {
    const { encoding } = decode(stdin?.bytes ?? bytesOf(path) ?? Buffer.alloc(0));
    return { name, count, encoding, text: unifiedDiff(name, before, text, pairedNearby) };
  });
  return {
    entries: diffs.map(({ name, count, text }) => ({ file: name, count, diff: text })),
    output: diffs.map(({ text, encoding }) => ({ text: paint(text), encoding })),
  };
}

/** Writes a file; says why where that cannot be done. */
async function write({ name, path, before, text }: FixedFile): Promise<string | undefined> {
  const now = decode(bytesOf(path) ?? Buffer.alloc(0));
  if (now.text !== before) return `${name} was changed by somebody else meanwhile`;
  const bytes = encode({ text, encoding: now.encoding });
  if (bytes.toString(now.encoding) !== text) return `${name} is not UTF-8, and the fixes are`;
  return replaceFile(path, bytes).then(
    () => undefined,
    (cause: unknown) => `${name}: ${reasonOf(cause)}`,
  );
}

/** Files that have something to mend and may not be written, as told. */
function refused({ told }: Seen, refusals: ReadonlyMap<string, string | undefined>): string[] {
  const names = new Map<string, string>();
  for (const { fix } of told) for (const { file } of fix?.edits ?? []) names.set(file.path, file.name);
  return [...names].flatMap(([path, name]) => {
    const why = refusals.get(path);
    return why === undefined ? [] : `${name}: ${why}`;
  });
}

/** Why a file cannot be replaced. Asked before, so that of a fix of two files not one half is made. */
function refusalOf(path: string): string | undefined {
  try {
    accessSync(path, constants.W_OK);
    accessSync(dirname(path), constants.W_OK);
    return undefined;
  } catch (cause) {
    const { path: refused } = cause as NodeJS.ErrnoException;
    return refused === path ? reasonOf(cause) : `${reasonOf(cause)} in ${refused}`;
  }
}

function bytesOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
