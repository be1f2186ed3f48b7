import type { SourceFile } from '../../nginx/check/visit.ts';
import { positions } from '../../nginx/syntax/position.ts';
import { LBCTL_VERSION } from '../../version.ts';
import type { Finding, Severity } from '../engine/finding.ts';
import type { Fix } from '../fixes/fix.ts';
import { FAILED_RULE, pageOf } from '../engine/lint.ts';
import { builtIn } from '../rules/built-in.ts';
import { rules as registered } from '../rules/registry.ts';
import { fingerprints } from './fingerprint.ts';
import { type Report, UNREADABLE_FILE } from './report.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** What relative addresses start at: the folder of the run. */
const ROOT = '%SRCROOT%';

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** What code scanning of GitHub calls severities. */
const PROBLEMS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'recommendation',
};

/** SARIF 2.1.0, the form of OASIS for results of linters; code scanning of GitHub and many editors read it. */
export function sarif({ findings, files, unreadable, cwd, exitCode, page }: Report): string {
  const results = findings.filter(({ rule }) => rule !== FAILED_RULE);
  const failed = findings.filter(({ rule }) => rule === FAILED_RULE);
  const ids = [...new Set(results.map(({ rule }) => rule))].toSorted();
  const names = [...new Set([...files, ...unreadable])];
  const places = new Places(names, cwd);
  const prints = fingerprints(results);
  const run = {
    tool: {
      driver: {
        name: 'lbctl',
        informationUri: 'https://www.npmjs.com/package/lbctl',
        version: LBCTL_VERSION,
        semanticVersion: LBCTL_VERSION,
        rules: ids.map((id) => ruleOf(id, page(id))),
        notifications: [
          { id: UNREADABLE_FILE, shortDescription: { text: 'a file that cannot be read' } },
          { id: FAILED_RULE, shortDescription: { text: 'a rule that has failed' } },
        ],
      },
    },
    invocations: [
      {
        executionSuccessful: unreadable.length === 0 && failed.length === 0,
        exitCode,
        workingDirectory: { uri: folderAddress(cwd) },
        toolExecutionNotifications: [
          ...unreadable.map((file) => ({
            descriptor: { id: UNREADABLE_FILE, index: 0 },
            level: 'error',
            message: text(`cannot read ${file}`),
            locations: [{ physicalLocation: { artifactLocation: places.of(file) } }],
          })),
          ...failed.map(({ message, file }) => ({
            descriptor: { id: FAILED_RULE, index: 1 },
            level: 'error',
            message: text(message),
            locations: [{ physicalLocation: { artifactLocation: places.of(file) } }],
          })),
        ],
      },
    ],
    originalUriBaseIds: { [ROOT]: { uri: folderAddress(cwd) } },
    columnKind: 'utf16CodeUnits',
    artifacts: names.map((name) => ({
      location: places.address(name),
      roles: name === '<stdin>' ? ['analysisTarget', 'standardStream'] : ['analysisTarget'],
      sourceLanguage: /\.ya?ml$/iu.test(name) ? 'yaml' : 'nginx',
    })),
    results: results.map((finding, index) => ({
      ...resultOf(finding, places),
      ruleIndex: ids.indexOf(finding.rule),
      partialFingerprints: { 'lbctl/v1': prints[index]! },
    })),
  };
  return JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2);
}

function ruleOf(id: string, page: string | undefined): object {
  const info = [...builtIn, ...registered].find((rule) => rule.id === id);
  const severity = info?.severity ?? 'error';
  const [family = ''] = id.split('/');
  return {
    id,
    name: id
      .split(/[/-]/u)
      .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
      .join(''),
    shortDescription: { text: info?.summary ?? id },
    ...(page === undefined ? {} : { help: { text: page, markdown: page } }),
    helpUri: pageOf(id),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: [family, 'nginx'], 'problem.severity': PROBLEMS[severity] },
  };
}

function resultOf(finding: Finding, places: Places): object {
  const { rule, severity, message, hint, file, line, column, endLine, endColumn, related, fix } = finding;
  return {
    ruleId: rule,
    level: LEVELS[severity],
    message: text(hint === undefined ? message : `${message}\n${hint}`),
    locations: [
      {
        physicalLocation: {
          artifactLocation: places.of(file),
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
      },
    ],
    // what is rendered from an lb.yaml is nowhere on disk
    ...(related && places.has(related.file)
      ? {
          relatedLocations: [
            {
              id: 1,
              physicalLocation: {
                artifactLocation: places.of(related.file),
                region: { startLine: related.line },
              },
              message: text(related.message),
            },
          ],
        }
      : {}),
    ...(fix ? { fixes: [fixOf(fix, places)] } : {}),
  };
}

function fixOf({ title, edits }: Fix, places: Places): object {
  const files = [...new Set(edits.map(({ file }) => file))];
  return {
    description: text(title),
    artifactChanges: files.map((file) => ({
      artifactLocation: places.of(file.name),
      replacements: edits
        .filter((edit) => edit.file === file)
        .map(({ start, end, text: put }) => ({
          deletedRegion: places.region(file, start, end),
          insertedContent: { text: put },
        })),
    })),
  };
}

/** Addresses of files, and places in them. */
class Places {
  private readonly indexes: ReadonlyMap<string, number>;
  private readonly lines = new Map<SourceFile, ReturnType<typeof positions>>();

  constructor(
    names: readonly string[],
    private readonly cwd: string,
  ) {
    this.indexes = new Map(names.map((name, index) => [name, index]));
  }

  /** Whether a file is one of those that were looked at. */
  has(name: string): boolean {
    return this.indexes.has(name);
  }

  of(name: string): object {
    const index = this.indexes.get(name);
    return index === undefined ? this.address(name) : { ...this.address(name), index };
  }

  /** Relative to the folder of the run, or absolute where the file is not below it. */
  address(name: string): object {
    const parts: string[] = [];
    for (const part of (name.startsWith('/') ? name : `${this.cwd}/${name}`).split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '.' && part !== '') parts.push(part);
    }
    const root = this.cwd.split('/').filter((part) => part !== '');
    const isBelow = parts.length > root.length && root.every((part, index) => parts[index] === part);
    if (!isBelow) return { uri: `file:///${encoded(parts)}` };
    return { uri: encoded(parts.slice(root.length)), uriBaseId: ROOT };
  }

  region(file: SourceFile, start: number, end: number): object {
    let at = this.lines.get(file);
    if (!at) this.lines.set(file, (at = positions(file.document.text)));
    const [from, to] = [at(start), at(end)];
    return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
  }
}

function folderAddress(path: string): string {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.length === 0 ? 'file:///' : `file:///${encoded(parts)}/`;
}

function encoded(parts: readonly string[]): string {
  return parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/');
}

function text(content: string): { readonly text: string } {
  return { text: braced(content) };
}

/** Braces stand for arguments in SARIF's messages, unless they are doubled (§3.11.5). */
function braced(content: string): string {
  return content.replaceAll(/[{}]/gu, '$&$&');
}
