import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyFixes } from '../../../src/lib/lint/apply.ts';
import type { Finding } from '../../../src/lib/lint/finding.ts';
import { rules } from '../../../src/lib/lint/rules/registry.ts';
import { lintFixture } from '../../support/lint-fixture.ts';

const root = new URL('../../../', import.meta.url).pathname;
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

  test.each(fixable ? bad : [])('fixes what it can of bad/%s, and nothing else', (name) => {
    const text = read('bad', name);
    const before = of(lintFixture(text));
    // the first line tells the test how to look
    const [first = ''] = text.split('\n');
    const head = first.startsWith('# lint: ') ? `${first}\n` : '';
    for (const { file, text: fixed } of applyFixes(before)) {
      expect(fixed).not.toBe(file.document.text);
      if (text.startsWith('# configuration file ')) continue;
      const after = lintFixture(fixed.startsWith('# lint: ') ? fixed : head + fixed);
      expect(of(after).filter((one) => one.fixable)).toEqual([]);
      expect(of(after).length).toBe(before.filter((one) => !one.fixable).length);
      expect(syntaxIn(after)).toEqual([]);
    }
  });

  test.each(good)('finds nothing in good/%s', (name) => {
    const findings = lintFixture(read('good', name));
    expect(of(findings)).toEqual([]);
    expect(syntaxIn(findings)).toEqual([]);
  });
});

function syntaxIn(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ rule }) => rule.startsWith('syntax/') && rule !== 'syntax/tls');
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
