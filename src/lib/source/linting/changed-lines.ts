import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Finding } from '../../lint/engine/finding.ts';
import { isUnreadable } from '../../lint/engine/ignores.ts';
import { FAILED_RULE } from '../../lint/engine/lint.ts';
import { pairedNearby } from '../../nginx/format/nearby.ts';
import type { LintedFile } from './run.ts';
import { decode } from '../nginx-text.ts';
import { realPath } from '../real-path.ts';

/** Lines of a file, by first and last one; `all` where git does not have the file yet. */
type Lines = 'all' | readonly (readonly [first: number, last: number])[];

/** What lines are compared with. */
interface Comparison {
  readonly revision: string | undefined;
  /** Files that were asked for, by absolute paths; all must be in a repository. */
  readonly named: readonly string[];
  /** What was looked at in the place of some files' own texts, by their paths: git knows only these. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * The findings on lines that differ from the last commit, or from where the branch left another one: staged or not,
 * and all lines of files that are new. One whose explanation stands on such a line is among them, and where a line was
 * taken out, what is on the lines around the gap. Of a file whose text cannot be read any changed line will do.
 * @throws UserError `usage` or `input` where git does not know a file or the revision, `failed` without git.
 */
export function onChangedLines(
  findings: readonly Finding[],
  sources: ReadonlyMap<string, LintedFile>,
  { revision, named, texts }: Comparison,
): Finding[] {
  const places = new Map<string, { readonly path: string; readonly repository: string | undefined }>();
  const repositoryOf = finder();
  for (const path of named)
    if (repositoryOf(path) === undefined)
      throw new UserError('input', 'no-repository', `${path} is in no git repository`, {
        hint: '--changed asks git for the lines that have changed',
      });
  for (const [name, { path }] of sources) {
    if (path === undefined) continue;
    const real = realPath(path);
    places.set(name, { path: real, repository: repositoryOf(real) });
  }
  const changes = new Map<string, Lines>();
  const repositories = new Set([...places.values()].flatMap(({ repository }) => repository ?? []));
  for (const repository of repositories) {
    const own = [...places.values()].filter((place) => place.repository === repository);
    const folder = commonFolder(own.map(({ path }) => relative(repository, path)));
    for (const [path, lines] of changesIn(repository, folder, revision)) {
      const text = texts.get(path);
      changes.set(path, text === undefined || lines === 'all' ? lines : linesIn(text, path, lines));
    }
  }
  const changed = (file: string, first: number, last: number): boolean => {
    const lines = changes.get(places.get(file)?.path ?? '') ?? [];
    return lines === 'all' || lines.some(([from, to]) => from <= last && first <= to);
  };
  return findings.filter(({ rule, file, line, endLine, related }) => {
    // what a dump holds is in no repository
    if (rule === FAILED_RULE || !places.has(file)) return true;
    // the cause may be on another line than where it shows
    if (isUnreadable(rule)) return changes.has(places.get(file)!.path);
    return changed(file, line, endLine) || (related && changed(related.file, related.line, related.line));
  });
}

/** Where the changed lines of a file are once its text is another one; what is new in that has changed, too. */
function linesIn(text: string, path: string, lines: Exclude<Lines, 'all'>): Lines {
  const before = decode(readFileSync(path)).text.split('\n');
  const found: [number, number][] = [];
  let [old, young, at] = [1, 1, 0];
  for (const { sign } of pairedNearby(before, text.split('\n'))) {
    while (at < lines.length && lines[at]![1] < old) at++;
    const changed = sign === '+' || (lines[at]?.[0] ?? Infinity) <= old;
    if (changed && sign !== '-') found.push([young, young]);
    if (sign !== '+') old++;
    if (sign !== '-') young++;
  }
  return found;
}

/** A function that gives the folder of a file's repository: submodules and work trees have a file `.git`. */
function finder(): (path: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (path) => {
    const passed: string[] = [];
    let found: string | undefined;
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      if (known.has(folder)) {
        found = known.get(folder);
        break;
      }
      passed.push(folder);
      if (existsSync(join(folder, '.git'))) {
        found = folder;
        break;
      }
      if (folder === dirname(folder)) break;
    }
    for (const folder of passed) known.set(folder, found);
    return found;
  };
}

function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split('/').slice(0, -1));
  let length = first.length;
  for (const parts of others) {
    let same = 0;
    while (same < length && parts[same] === first[same]) same++;
    length = same;
  }
  return length === 0 ? '.' : first.slice(0, length).join('/');
}

/** Changed lines by absolute path. */
function changesIn(repository: string, folder: string, revision: string | undefined): Map<string, Lines> {
  const base = revision === undefined ? lastCommit(repository) : branchPoint(repository, revision);
  // whatever the user has set, this is the form that is read below
  const diff = git(repository, [
    'diff',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--no-relative',
    '--find-renames',
    '--text',
    '--unified=0',
    '--inter-hunk-context=0',
    '--submodule=short',
    '--src-prefix=a/',
    '--dst-prefix=b/',
    base,
    '--',
    folder,
  ]);
  const changes = new Map<string, Lines>();
  for (const [name, lines] of readDiff(diff.toString('latin1'))) changes.set(join(repository, name), lines);
  const others = git(repository, ['ls-files', '-z', '--others', '--exclude-standard', '--', folder]);
  for (const name of others.toString().split('\0'))
    if (name !== '') changes.set(join(repository, name), 'all');
  return changes;
}

/** The last commit; the empty tree where there is none yet. */
function lastCommit(repository: string): string {
  return (
    commitOf(repository, 'HEAD') ??
    git(repository, ['hash-object', '-t', 'tree', '--stdin']).toString().trim()
  );
}

/** The commit that HEAD and a revision both come from. */
function branchPoint(repository: string, revision: string): string {
  const commit = commitOf(repository, revision);
  if (commit === undefined)
    throw new UserError('usage', 'no-such-revision', `git does not know ${revision} in ${repository}`, {
      hint: '--changed takes a branch, a tag or a commit, such as --changed origin/main; fetch it first',
    });
  const { status, stdout } = tryGit(repository, ['merge-base', commit, 'HEAD']);
  if (status === 0) return stdout.toString().trim();
  throw new UserError('input', 'no-common-commit', `${revision} and HEAD have no commit in common`, {
    hint: 'a clone that does not reach back far enough is deepened by git fetch --unshallow',
  });
}

function commitOf(repository: string, revision: string): string | undefined {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const { status, stdout, stderr } = tryGit(repository, args);
  if (status === 0) return stdout.toString().trim();
  // one that git does not know ends with 1, a repository that it does not work in with another code
  if (status === 1) return undefined;
  throw failed(repository, args, stderr);
}

/** Whether a folder is in a repository that knows a revision. */
export function isRevision(folder: string, revision: string): boolean {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  return tryGit(folder, args).status === 0;
}

interface Ran {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

function git(folder: string, args: readonly string[]): Buffer {
  const { status, stdout, stderr } = tryGit(folder, args);
  if (status === 0) return stdout;
  throw failed(folder, args, stderr);
}

function failed(folder: string, [command]: readonly string[], stderr: Buffer): UserError {
  return new UserError('failed', 'git-failed', `git ${command} failed in ${folder}`, {
    evidence: stderr.toString().trimEnd().split('\n'),
  });
}

const GLOBAL = ['--literal-pathspecs', '-c', 'core.quotePath=true'];

function tryGit(folder: string, args: readonly string[]): Ran {
  const { error, status, stdout, stderr } = spawnSync('git', [...GLOBAL, ...args], {
    cwd: folder,
    env: environment(),
    input: '',
    maxBuffer: 2 ** 31 - 1,
  });
  if (!error) return { status, stdout, stderr };
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  throw new UserError(
    'failed',
    'no-git',
    missing ? 'git is not installed' : `cannot run git: ${error.message}`,
    {
      hint: '--changed asks git for the lines that have changed',
      cause: error,
    },
  );
}

/** Hooks name the repository that they run for, which need not be that of a file; looking at it must not change it. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^GIT_(?:DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|OBJECT_DIRECTORY|NAMESPACE)$/u.test(name),
  );
  return { ...Object.fromEntries(kept), GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
}

/** Names and changed lines of a diff without context, whose bytes are characters. */
function readDiff(diff: string): Map<string, Lines> {
  const changes = new Map<string, [number, number][]>();
  let own: [number, number][] = [];
  const lines = diff.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (line.startsWith('+++ ')) {
      changes.set(nameIn(line.slice(4)), (own = []));
      continue;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/u.exec(line);
    if (!hunk) continue;
    const [removed, start, added] = [Number(hunk[1] ?? 1), Number(hunk[2]), Number(hunk[3] ?? 1)];
    own.push(added === 0 ? [start, start + 1] : [start, start + added - 1]);
    // what was written may look like a head; between the lines may stand that a file has no line end
    for (let rest = removed + added; rest > 0; at++) if (!lines[at + 1]?.startsWith('\\')) rest--;
  }
  return changes;
}

/** `b/NAME`, or the same in quotes with `\` before some characters and others as octal numbers. */
function nameIn(text: string): string {
  // a tab ends a name that has spaces
  const name = text.replace(/\t$/u, '');
  const quoted = /^"(.*)"$/u.exec(name)?.[1];
  const raw = quoted === undefined ? name : quoted.replaceAll(/\\([0-7]{3}|.)/gu, unescaped);
  return Buffer.from(raw.slice(2), 'latin1').toString();
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unescaped(_: string, code: string): string {
  return code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code);
}
