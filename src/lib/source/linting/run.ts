import { basename, join, relative, resolve } from 'node:path';
import type { Finding } from '../../lint/engine/finding.ts';
import { FAILED_RULE, lint, type LintOptions } from '../../lint/engine/lint.ts';
import { type Looked, withSharedFixes } from '../../lint/fixes/shared-fixes.ts';
import { inferContext } from '../../nginx/check/infer.ts';
import { Context } from '../../nginx/directives/contexts.ts';
import { readDump } from '../../nginx/include/dump.ts';
import { type Files, type Loaded, loadConfiguration } from '../../nginx/include/load.ts';
import { collectGarbage, frugal } from './garbage.ts';
import { readFiles } from '../include-files.ts';
import type { lintBalancer } from './balancer.ts';
import { isModSecurity } from '../modsecurity.ts';
import { isBalancer, type NginxFile } from '../nginx-files.ts';
import { decode } from '../nginx-text.ts';

export interface LintSettings extends LintOptions {
  readonly cwd: string;
  /** Whether nothing is to be told of a file, by its absolute path. */
  readonly ignored?: ((path: string) => boolean) | undefined;
  /** Whether somebody has named the target; an lb.yaml names its own otherwise. */
  readonly isTargetNamed?: boolean;
}

/** A file that was looked at. */
export interface LintedFile {
  /** Where it is on this machine; undefined for stdin and for what a dump holds. */
  readonly path: string | undefined;
  readonly text: string;
}

/** What was found, and the names of all files that were looked at. */
export interface LintResult {
  readonly findings: readonly Finding[];
  readonly files: ReadonlySet<string>;
  /** The same files with what they hold. */
  readonly sources: ReadonlyMap<string, LintedFile>;
  /** How many were left out because they are ignored. */
  readonly ignored: number;
  /** Names of those that could not be read. */
  readonly unreadable: readonly string[];
}

/** A file that opens one of these blocks is a whole configuration. */
const WHOLE = /^[ \t]*(?:http|events|stream|mail)[ \t\r\n]*\{/mu;

/** Characters of a configuration from which on it pays to save memory. */
const LARGE = 4_000_000;

/** What files are read with. */
export interface Means {
  readonly machine: Files;
  /** Needed where one of the files is an lb.yaml; it comes with YAML and all that renders. */
  readonly lintBalancer: typeof lintBalancer | undefined;
}

/** Whether what was found in a folder is something else: rules of ModSecurity, or what Kubernetes calls lb.yaml. */
function isOther(file: NginxFile, text: string): boolean {
  return isBalancer(file) ? /^apiVersion\s*:/mu.test(text) : isModSecurity(text);
}

/**
 * Looks through files, each with those it includes. A file that one of the others includes is looked at there alone,
 * where its place is known. Each step says what is done next.
 */
export function* lintSteps(
  list: readonly NginxFile[],
  settings: LintSettings,
  { machine, lintBalancer }: Means,
): Generator<string, LintResult> {
  const result = gather(settings);
  const files = cached(machine, settings);
  const unreadable: string[] = [];
  const roots = list.flatMap((file) => {
    if (result.leaveOut(file.name, file.path)) return [];
    const text = files.read(file.path);
    if (text === undefined) unreadable.push(file.name);
    if (text === undefined || (!file.named && isOther(file, text))) return [];
    const empty = settings.context === undefined && isEmptyMain(file, text);
    return [{ ...file, text, empty, whole: empty || isWhole(text, settings) }];
  });
  const loaded = new Map<NginxFile, { readonly configuration: Loaded } & Origin>();
  const reached = new Set<string>();
  const read: Files = {
    ...files,
    read(path) {
      reached.add(path);
      return files.read(path);
    },
  };
  const wholeFirst = [...roots.filter(({ whole }) => whole), ...roots.filter(({ whole }) => !whole)];
  for (const file of wholeFirst) {
    if (reached.has(file.path) || isBalancer(file)) continue;
    yield `reading ${file.name}`;
    const dump = readDump(file.text);
    const configuration = dump
      ? loadDump(dump, settings)
      : load(file.path, read, settings, { name: file.name, whole: file.whole });
    loaded.set(file, { configuration, isDump: dump !== undefined, isMain: file.empty });
  }
  for (const root of roots) {
    if (isBalancer(root)) {
      yield `checking ${root.name}`;
      const { name, path, text } = root;
      const { target, isTargetNamed } = settings;
      const own = lintBalancer!(text, name, { ...settings, target: isTargetNamed ? target : undefined });
      result.addBalancer({ name, path, text }, own);
      continue;
    }
    const own = loaded.get(root);
    if (!own) continue;
    yield `checking ${root.name}`;
    result.add(own.configuration, own);
    // the tree of a large configuration takes much more room than its text
    loaded.delete(root);
  }
  return { ...result.found(), unreadable };
}

/** Looks through a text: one file, or what `nginx -T` prints. Includes are relative to the working folder. */
export function lintText(bytes: Buffer, settings: LintSettings): LintResult {
  const { text } = decode(bytes);
  const result = gather(settings);
  const dump = readDump(text);
  if (dump) result.add(loadDump(dump, settings), { isDump: true });
  else {
    const files = readFiles();
    const path = stdinPath(settings.cwd);
    const read: Files = { ...files, read: (one) => (one === path ? text : files.read(one)) };
    result.add(load(path, read, settings, { name: STDIN, whole: isWhole(text, settings) }), {
      isDump: false,
    });
  }
  return { ...result.found(), unreadable: [] };
}

const STDIN = '<stdin>';

/** The path that a text from stdin has. */
export function stdinPath(cwd: string): string {
  return join(cwd, STDIN);
}

function isWhole(text: string, { context }: LintSettings): boolean {
  return context === undefined ? WHOLE.test(text) : context === Context.main;
}

/** Whether a main file has been emptied, as when what should have written it failed; other files may be empty. */
function isEmptyMain({ name, named }: NginxFile, text: string): boolean {
  return named && basename(name) === 'nginx.conf' && !/^[ \t]*[^#\s]/mu.test(text);
}

function loadDump(
  { main, files }: NonNullable<ReturnType<typeof readDump>>,
  { timed }: LintSettings,
): Loaded {
  const work = (): Loaded => loadConfiguration(main, files);
  return timed ? timed('parsing', work) : work();
}

function load(
  path: string,
  files: Files,
  { cwd, timed }: LintSettings,
  { name, whole }: { readonly name: string; readonly whole: boolean },
): Loaded {
  const shown = (one: string): string => {
    if (one === path) return name;
    const inside = relative(cwd, one);
    return inside.startsWith('..') ? one : inside;
  };
  const work = (): Loaded => loadConfiguration(path, files, { shown, part: !whole });
  return timed ? timed('parsing', work) : work();
}

/** Where a configuration comes from. */
interface Origin {
  readonly isDump: boolean;
  /** Whether it is a main file for certain, whatever stands in it. */
  readonly isMain?: boolean;
}

interface Gathering {
  /** Whether a file is ignored; it is counted then. */
  leaveOut(name: string, path?: string): boolean;
  add(configuration: Loaded, from: Origin): void;
  addBalancer(
    file: { readonly name: string; readonly path: string; readonly text: string },
    findings: readonly Finding[],
  ): void;
  found(): Omit<LintResult, 'unreadable'>;
}

/** Lints one configuration after the other, and keeps what is found in them. */
function gather(settings: LintSettings): Gathering {
  const { cwd, ignored, isTargetNamed: _, context, ...options } = settings;
  const sources = new Map<string, LintedFile>();
  const looked: Looked[] = [];
  const left = new Map<string, boolean>();
  const leaveOut = (name: string, path?: string): boolean => {
    if (!ignored) return false;
    let known = left.get(name);
    if (known === undefined) {
      // what links lead to may be ignored, and the link itself
      known = ignored(resolve(cwd, name)) || (path !== undefined && ignored(path));
      left.set(name, known);
    }
    return known;
  };
  /** A file of which nothing is told is not changed either. */
  const withWantedFix = (finding: Finding): Finding => {
    const { fix, ...rest } = finding;
    return fix?.edits.some(({ file }) => leaveOut(file.name)) ? { ...rest, fixable: false } : finding;
  };
  return {
    leaveOut,
    add(configuration, { isDump, isMain = false }) {
      for (const { name, path, document } of configuration.files) {
        // what a dump holds lies on another machine
        const own = isDump || name === STDIN ? undefined : path;
        if (!leaveOut(name, own)) sources.set(name, { path: own, text: document.text });
      }
      const place =
        context ?? (isMain ? Context.main : inferContext(configuration.main.document, options.target));
      const findings = lint(configuration, {
        ...options,
        clear: sizeOf(configuration) > LARGE ? collectGarbage : undefined,
        context: context === undefined && !isMain && place === Context.main ? undefined : place,
      });
      looked.push({
        // without their trees, which take much room
        files: configuration.files.map(({ path }) => ({ path })),
        findings: findings
          .filter(({ file, rule }) => sources.has(file) || rule === FAILED_RULE)
          .map(withWantedFix),
      });
    },
    addBalancer({ name, path, text }, findings) {
      sources.set(name, { path, text });
      looked.push({ files: [{ path }], findings });
    },
    found: () => ({
      findings: toldOnce(withSharedFixes(looked).flat()),
      files: new Set(sources.keys()),
      sources,
      ignored: [...left.values()].filter(Boolean).length,
    }),
  };
}

/** Characters of all files. */
function sizeOf({ files }: Loaded): number {
  return files.reduce((sum, { document }) => sum + document.text.length, 0);
}

/** Parts that several configurations include are told about once. */
function toldOnce(findings: readonly Finding[]): Finding[] {
  const told = new Set<string>();
  return findings.filter(({ file, line, column, rule, message }) => {
    const key = `${file}:${line}:${column} ${rule} ${message}`;
    return !told.has(key) && told.add(key);
  });
}

/** Reads each file once. */
function cached(files: Files, { timed }: LintSettings): Files {
  const texts = new Map<string, string | undefined>();
  let size = 0;
  return {
    ...files,
    read(path) {
      if (!texts.has(path)) {
        const text = timed ? timed('reading', () => files.read(path)) : files.read(path);
        size += text?.length ?? 0;
        if (size > LARGE) frugal();
        texts.set(path, text);
      }
      return texts.get(path);
    },
  };
}
