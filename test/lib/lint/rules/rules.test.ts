import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { applyFixes } from '../../../../src/lib/lint/fixes/apply.ts';
import type { Finding } from '../../../../src/lib/lint/engine/finding.ts';
import type { Edit } from '../../../../src/lib/lint/fixes/fix.ts';
import { FAILED_RULE } from '../../../../src/lib/lint/engine/lint.ts';
import { rules } from '../../../../src/lib/lint/rules/registry.ts';
import { inferContext } from '../../../../src/lib/nginx/check/infer.ts';
import { namesOf } from '../../../../src/lib/nginx/directives/contexts.ts';
import { parse } from '../../../../src/lib/nginx/syntax/parse.ts';
import { lintFixture } from '../../../support/lint-fixture.ts';
import { findNginx, without } from '../../../support/tools.ts';
import { createMachine, equip, suitsInstalled, verdictOn } from '../../../support/verdict.ts';

const root = new URL('../../../../', import.meta.url).pathname;
const FIXTURES = join(root, 'fixtures/rules');
const CODE = join(root, 'src/lib/lint/rules');

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.conf')) : [];
}

function idsIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return entries.flatMap(({ name }) =>
    readdirSync(join(folder, name)).map((rule) => `${name}/${rule.replace(/\.ts$/u, '')}`),
  );
}

test('every rule has a file, fixtures and a page of its name, and no others are there', () => {
  const ids = rules.map(({ id }) => id).toSorted();
  expect(idsIn(CODE).toSorted()).toEqual(ids);
  expect(idsIn(FIXTURES).toSorted()).toEqual(ids);
  expect(ids.filter((id) => !existsSync(join(root, `docs/rules/${id}.md`)))).toEqual([]);
});

let machine: string;
/** Fixes that NGINX was asked about. */
let judged = 0;
beforeAll(async () => {
  machine = await createMachine();
  if (findNginx() !== undefined) await equip(machine);
});

describe.each(rules.map(({ id, fixable = false }) => ({ id, fixable })))('$id', ({ id, fixable }) => {
  const read = (kind: string, name: string): string => readFileSync(join(FIXTURES, id, kind, name), 'utf8');
  const of = (findings: readonly Finding[]): Finding[] => findings.filter(({ rule }) => rule === id);
  const bad = filesIn(join(FIXTURES, id, 'bad'));
  const good = filesIn(join(FIXTURES, id, 'good'));

  test('has three fixtures of each kind at least, and fixes if it says so', () => {
    expect(bad.length).toBeGreaterThanOrEqual(3);
    expect(good.length).toBeGreaterThanOrEqual(3);
    expect(bad.some((name) => of(lintFixture(read('bad', name))).some((one) => one.fixable))).toBe(fixable);
  });

  test.each(bad)('finds the marked lines of bad/%s', (name) => {
    const text = read('bad', name);
    const findings = lintFixture(text);
    const marked = markedLines(text);
    expect(marked).not.toEqual([]);
    // one line may have several findings
    const places = of(findings).map(({ file, line }) => `${file}:${line}`);
    expect([...new Set(places)].toSorted()).toEqual(marked.toSorted());
    expect(syntaxIn(findings)).toEqual([]);
  });

  describe.each(fixable ? bad : [])('fixes what it can of bad/%s', (name) => {
    const text = read('bad', name);
    const before = of(lintFixture(text));
    const { files, taken } = applyFixes(before);

    test('and the finding is gone', () => {
      expect(taken).toEqual(before.filter((one) => one.fix));
      if (taken.length === 0) return;
      const after = lintFixture(withFiles(text, files));
      expect(of(after).filter((one) => one.fixable)).toEqual([]);
      expect(of(after).length).toBe(before.length - taken.length);
      expect(syntaxIn(after)).toEqual([]);
    });

    test('and leaves the other lines alone', () => {
      for (const { path, before: old, text: fixed } of files) {
        const edits = taken.flatMap(({ fix }) => fix!.edits).filter(({ file }) => file.path === path);
        expect(fixed).not.toBe(old);
        expect(lostLines(old, fixed, edits)).toEqual([]);
      }
    });

    test('and keeps the line ends of others', () => {
      const { files: fixed } = applyFixes(of(lintFixture(text.replaceAll('\n', '\r\n'))));
      expect(fixed.length).toBe(files.length);
      for (const one of fixed) expect(one.text).not.toMatch(/(?<!\r)\n/u);
    });

    test.skipIf(without('nginx', 'openssl', 'stream'))('and NGINX accepts it as before', async () => {
      const release = /^# lint: .*\btarget=(\S+)/u.exec(text)?.[1];
      const [whole, fixed] = [text, withFiles(text, files)].map(wholeOf);
      if (taken.length === 0 || whole === undefined || !suitsInstalled(whole, release)) return;
      // what this machine or this release lacks is for nobody to say
      if ((await verdictOn(whole, machine)) !== undefined) return;
      expect(await verdictOn(fixed!, machine)).toBeUndefined();
      judged++;
    });
  });

  test.each(good)('finds nothing in good/%s', (name) => {
    const findings = lintFixture(read('good', name));
    expect(of(findings)).toEqual([]);
    expect(syntaxIn(findings)).toEqual([]);
  });
});

test.skipIf(without('nginx', 'openssl', 'stream'))('NGINX has seen most of the fixes', () => {
  const fixed = rules.filter(({ fixable }) => fixable).length;
  expect(judged).toBeGreaterThanOrEqual(fixed);
});

/** A fixture with other texts in the place of those of its files. */
function withFiles(text: string, files: readonly { readonly path: string; readonly text: string }[]): string {
  if (!text.startsWith('# configuration file ')) return files[0]?.text ?? text;
  return files.reduce((whole, file) => {
    const mark = `# configuration file ${file.path}:\n`;
    const start = whole.indexOf(mark) + mark.length;
    const end = whole.indexOf('\n# configuration file ', start);
    return `${whole.slice(0, start)}${file.text}${end < 0 ? '' : whole.slice(end)}`;
  }, text);
}

/** Lines of a text that no edit touches and that are not in the fixed one, in their order. */
function lostLines(old: string, fixed: string, edits: readonly Edit[]): string[] {
  const touched = new Set<number>();
  for (const { start, end } of edits) {
    const first = old.slice(0, start).split('\n').length - 1;
    const last = old.slice(0, end).split('\n').length - 1;
    for (let line = first; line <= last; line++) touched.add(line);
  }
  const left = fixed.split('\n');
  let at = 0;
  return old.split('\n').filter((line, index) => {
    if (touched.has(index)) return false;
    const found = left.indexOf(line, at);
    if (found >= 0) at = found + 1;
    return found < 0;
  });
}

/** Blocks around a part, so that NGINX can read it; undefined where its place is not known. */
const AROUND: Readonly<Record<string, readonly [string, string]>> = {
  http: ['http {', '}'],
  server: ['http { server {', '} }'],
  location: ['http { server { location / {', '} } }'],
  stream: ['stream {', '}'],
};

function wholeOf(text: string): string | undefined {
  if (text.startsWith('# configuration file ')) return text;
  if (/^(?:http|events|stream|mail)\s*\{/mu.test(text))
    return /^events\s*\{/mu.test(text) ? text : `${text}\nevents { }\n`;
  const said = /^# lint: .*\bcontext=(\S+)/u.exec(text)?.[1];
  const [told] = namesOf(inferContext(parse(text), { version: '1.30.4', plus: false }));
  const around = AROUND[said ?? told ?? ''];
  return around && `events { }\n${around[0]}\n${text}\n${around[1]}\n`;
}

/** What NGINX would refuse, and rules that failed. */
function syntaxIn(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    ({ rule }) => (rule.startsWith('syntax/') && rule !== 'syntax/tls') || rule === FAILED_RULE,
  );
}

/** `file:line` of the lines that end in `# finding`; those of a dump are counted from where their file starts. */
function markedLines(text: string): string[] {
  const marked: string[] = [];
  let file = '<stdin>';
  let line = 0;
  for (const content of text.split('\n')) {
    const start = /^# configuration file (.+):$/u.exec(content);
    if (start) {
      file = start[1]!;
      line = 0;
      continue;
    }
    line++;
    if (content.endsWith('# finding')) marked.push(`${file}:${line}`);
  }
  return marked;
}
