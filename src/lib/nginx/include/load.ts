import type { Configuration, Fault, SourceFile } from '../check/visit.ts';
import { parse } from '../syntax/parse.ts';
import type { Directive, Statement } from '../syntax/tree.ts';
import { expand, isPattern } from './glob.ts';
import { isPackaged } from './packaged.ts';
import { ancestorsOf, folderOf, fullPath } from './path.ts';

/** The files of a machine, a dump, or a test. Paths are absolute, with `/`. */
export interface Files {
  /** The text of a file; undefined where it cannot be read. */
  readonly read: (path: string) => string | undefined;
  /** Names in a folder; undefined where there is none. */
  readonly list: (folder: string) => readonly string[] | undefined;
  /** The path of a file itself, where the one it was found by leads through links. */
  readonly real?: (path: string) => string;
}

/** A configuration with everything it includes. */
export interface Loaded extends Configuration {
  /** Every file once, the main file first, in the order in which NGINX meets them. */
  readonly files: readonly SourceFile[];
  /** Includes of files that are not there, of no files, and of themselves. */
  readonly problems: readonly Fault[];
}

/**
 * Reads a configuration through all its includes, as NGINX does: paths are relative to the folder of the main file,
 * patterns give their files in the order of their bytes. A file is read and parsed once.
 * @param path of the main file, as it is shown; it must be readable.
 */
export function loadConfiguration(
  path: string,
  files: Files,
  { shown = (one) => one, part = false }: LoadOptions = {},
): Loaded {
  const prefixes = part ? ancestorsOf(path) : [folderOf(path)];
  const known = new Map<string, SourceFile>();
  const includes = new Map<Directive, readonly SourceFile[]>();
  const problems: Fault[] = [];
  let complete = true;
  const open = (file: string): SourceFile | undefined => {
    const text = files.read(file);
    if (text === undefined) return undefined;
    const source = { name: shown(file), path: files.real?.(file) ?? file, document: parse(text) };
    known.set(file, source);
    return source;
  };
  const main = open(path);
  if (!main) throw new Error(`cannot read ${path}`);

  /** Files whose includes are being followed, the innermost last. */
  const stack: { readonly path: string; readonly file: SourceFile; readonly rest: Directive[] }[] = [
    { path, file: main, rest: includesOf(main) },
  ];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const directive = top.rest.pop();
    if (!directive) {
      stack.pop();
      continue;
    }
    const { file } = top;
    const paths = pathsOf(directive, prefixes, files);
    if (paths.length === 0 && part) continue;
    if (paths.length === 0 && !waitsForFiles(fullPath(prefixes[0]!, directive.words[1]!.value), files))
      problems.push(emptyInclude(file, directive));
    const found: SourceFile[] = [];
    const fresh: { readonly path: string; readonly file: SourceFile; readonly rest: Directive[] }[] = [];
    for (const one of paths) {
      if (stack.some((outer) => outer.path === one)) {
        problems.push(cycle(file, directive, shown(one)));
        continue;
      }
      const before = known.get(one);
      const source = before ?? open(one);
      if (source) found.push(source);
      else if (!part) {
        problems.push(missing(file, directive, shown(one)));
        complete &&= isPackaged(one);
      }
      if (source && !before) fresh.push({ path: one, file: source, rest: includesOf(source) });
    }
    includes.set(directive, found);
    for (const one of fresh.toReversed()) stack.push(one);
  }
  return {
    main,
    included: (directive) => includes.get(directive),
    complete,
    files: [...known.values()],
    problems,
  };
}

interface LoadOptions {
  /** How messages name a file. */
  readonly shown?: (path: string) => string;
  /** Whether the file is a part of a configuration whose main file is not known: includes are looked for around it. */
  readonly part?: boolean;
}

/** The paths that an include stands for. */
function pathsOf(directive: Directive, prefixes: readonly string[], files: Files): string[] {
  const value = directive.words[1]!.value;
  let paths: string[] = [];
  for (const prefix of prefixes) {
    const target = fullPath(prefix, value);
    paths = isPattern(target) ? expand(target, files.list) : [target];
    if (prefixes.length === 1) return paths;
    if (paths.length > 0 && paths.every((path) => files.read(path) !== undefined)) return paths;
  }
  return [];
}

/** The includes of a file, the last one first. */
function includesOf({ document }: SourceFile): Directive[] {
  const found: Directive[] = [];
  const pending: Statement[] = document.statements.toReversed();
  for (let statement = pending.pop(); statement; statement = pending.pop()) {
    if (statement.kind !== 'directive') continue;
    if (statement.name === 'include' && statement.words.length === 2) found.push(statement);
    const inner = statement.block?.statements ?? [];
    for (let index = inner.length - 1; index >= 0; index--) pending.push(inner[index]!);
  }
  return found.toReversed();
}

function fault(file: SourceFile, directive: Directive, rule: string, message: string, hint: string): Fault {
  const word = directive.words[1]!;
  return { rule, message, hint, file, start: word.start, end: word.start + word.raw.length };
}

function missing(file: SourceFile, directive: Directive, path: string): Fault {
  return fault(
    file,
    directive,
    'reliability/missing-include',
    `${path} cannot be read`,
    'NGINX does not start without it; a pattern such as *.conf may match nothing',
  );
}

/** Whether a pattern that matches nothing is for a folder without files, which are to come, such as a new conf.d. */
function waitsForFiles(pattern: string, { list }: Files): boolean {
  const outer = folderOf(pattern).slice(0, -1);
  const folders = isPattern(outer) ? expand(outer, list) : [outer || '/'];
  return folders.length > 0 && folders.every((folder) => list(folder)?.every((name) => name.startsWith('.')));
}

function emptyInclude(file: SourceFile, directive: Directive): Fault {
  const pattern = directive.words[1]!.value;
  return fault(
    file,
    directive,
    'style/empty-include',
    `no file matches ${pattern}`,
    'NGINX goes on without; check the path if files were meant',
  );
}

function cycle(file: SourceFile, directive: Directive, path: string): Fault {
  return fault(
    file,
    directive,
    'syntax/include-cycle',
    `${path} includes itself`,
    'NGINX reads it over and over until it fails',
  );
}
