import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rules } from '../../../src/lib/lint/rules/registry.ts';
import { lint } from '../../../src/library.ts';

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

describe.each(rules.map(({ id }) => id))('%s', (id) => {
  const read = (kind: string, name: string): string => readFileSync(join(FIXTURES, id, kind, name), 'utf8');
  const linesOf = (text: string): number[] =>
    lint(text)
      .filter(({ rule }) => rule === id)
      .map(({ line }) => line);

  test('has three fixtures of each kind at least', () => {
    expect(filesIn(join(FIXTURES, id, 'bad')).length).toBeGreaterThanOrEqual(3);
    expect(filesIn(join(FIXTURES, id, 'good')).length).toBeGreaterThanOrEqual(3);
  });

  test.each(filesIn(join(FIXTURES, id, 'bad')))('finds the marked lines of bad/%s', (name) => {
    const text = read('bad', name);
    const marked = text.split('\n').flatMap((line, index) => (line.endsWith('# finding') ? [index + 1] : []));
    expect(marked).not.toEqual([]);
    expect(linesOf(text)).toEqual(marked);
    expect(lint(text).filter(({ rule }) => rule.startsWith('syntax/') && rule !== 'syntax/tls')).toEqual([]);
  });

  test.each(filesIn(join(FIXTURES, id, 'good')))('finds nothing in good/%s', (name) => {
    expect(linesOf(read('good', name))).toEqual([]);
  });
});
