import { join, relative } from 'node:path';
import type { Finding } from '../lint/finding.ts';
import { lint } from '../lint/lint.ts';
import { inferContext } from '../nginx/check/infer.ts';
import { Context } from '../nginx/directives/contexts.ts';
import type { RuleSettings } from '../lint/rule.ts';
import { readDump } from '../nginx/include/dump.ts';
import { type Files, type Loaded, loadConfiguration } from '../nginx/include/load.ts';
import { readFiles } from './include-files.ts';
import { isModSecurity } from './modsecurity.ts';
import type { NginxFile } from './nginx-files.ts';
import { decode } from './nginx-text.ts';

export interface LintSettings extends RuleSettings {
  /** Where the files stand; told from their directives when left out. */
  readonly context: number | undefined;
  readonly cwd: string;
}

/** What was found, and the names of all files that were looked at. */
export interface LintResult {
  readonly findings: readonly Finding[];
  readonly files: ReadonlySet<string>;
  /** Names of those that could not be read. */
  readonly unreadable: readonly string[];
}

/** A file that opens one of these blocks is a whole configuration. */
const WHOLE = /^[ \t]*(?:http|events|stream|mail)[ \t\r\n]*\{/mu;

/**
 * Looks through files, each with those it includes. A file that one of the others includes is looked at there alone,
 * where its place is known.
 */
export function lintFiles(list: readonly NginxFile[], settings: LintSettings): LintResult {
  const files = cached(readFiles());
  const unreadable: string[] = [];
  const roots = list.flatMap((file) => {
    const text = files.read(file.path);
    if (text === undefined) unreadable.push(file.name);
    // what was found in a folder need not be NGINX's
    if (text === undefined || (!file.named && isModSecurity(text))) return [];
    return [{ ...file, text, whole: isWhole(text, settings) }];
  });
  const loaded = new Map<NginxFile, Loaded>();
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
    if (reached.has(file.path)) continue;
    const dump = readDump(file.text);
    if (dump) loaded.set(file, loadConfiguration(dump.main, dump.files));
    else loaded.set(file, load(file.path, read, settings, { name: file.name, whole: file.whole }));
  }
  const configurations = roots.flatMap((file) => loaded.get(file) ?? []);
  return { ...together(configurations, settings), unreadable };
}

/** Looks through a text: one file, or what `nginx -T` prints. Includes are relative to the working folder. */
export function lintText(bytes: Buffer, settings: LintSettings): Omit<LintResult, 'unreadable'> {
  const { text } = decode(bytes);
  const dump = readDump(text);
  if (dump) return together([loadConfiguration(dump.main, dump.files)], settings);
  const files = readFiles();
  const path = join(settings.cwd, '<stdin>');
  const read: Files = { ...files, read: (one) => (one === path ? text : files.read(one)) };
  return together(
    [load(path, read, settings, { name: '<stdin>', whole: isWhole(text, settings) })],
    settings,
  );
}

function isWhole(text: string, { context }: LintSettings): boolean {
  return context === undefined ? WHOLE.test(text) : context === Context.main;
}

function load(
  path: string,
  files: Files,
  { cwd }: LintSettings,
  { name, whole }: { readonly name: string; readonly whole: boolean },
): Loaded {
  const shown = (one: string): string => {
    if (one === path) return name;
    const inside = relative(cwd, one);
    return inside.startsWith('..') ? one : inside;
  };
  return loadConfiguration(path, files, { shown, part: !whole });
}

function together(
  configurations: readonly Loaded[],
  { target, behind, options, context }: LintSettings,
): Omit<LintResult, 'unreadable'> {
  const files = new Set<string>();
  const findings: Finding[] = [];
  const told = new Set<string>();
  for (const configuration of configurations) {
    for (const { name } of configuration.files) files.add(name);
    const place = context ?? inferContext(configuration.main.document, target);
    const own = lint(configuration, {
      target,
      behind,
      options,
      context: context === undefined && place === Context.main ? undefined : place,
    });
    for (const finding of own) {
      // parts that several configurations include are told about once
      const key = `${finding.file}:${finding.line}:${finding.column} ${finding.rule} ${finding.message}`;
      if (!told.has(key)) findings.push(finding);
      told.add(key);
    }
  }
  return { findings, files };
}

/** Reads each file once. */
function cached(files: Files): Files {
  const texts = new Map<string, string | undefined>();
  return {
    ...files,
    read(path) {
      if (!texts.has(path)) texts.set(path, files.read(path));
      return texts.get(path);
    },
  };
}
