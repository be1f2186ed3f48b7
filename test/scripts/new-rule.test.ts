import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';

const root = new URL('../../', import.meta.url).pathname;

/** A copy of what a rule belongs to, in which rules are made. */
let copy: string;
beforeAll(async () => {
  copy = await temporaryFolder();
  for (const part of [
    'src',
    'docs',
    'scripts',
    'bin',
    'fixtures/rules',
    'package.json',
    '.oxlintrc.json',
    '.oxfmtrc.json',
  ])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  writeFileSync(join(copy, '.gitignore'), 'node_modules\n');
  const settings = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify({ ...settings, include: ['src'] }));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});

const execute = (...args: string[]) => spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
const tool = (name: string, ...args: string[]) =>
  spawnSync(join(root, 'node_modules/.bin', name), args, { cwd: copy, encoding: 'utf8' });
const make = (...args: string[]) => execute('scripts/new-rule.js', ...args);
const read = (path: string) => readFileSync(join(copy, path), 'utf8');
const everything = () =>
  ['src/lib/lint', 'docs/rules', 'fixtures/rules'].flatMap((folder) =>
    readdirSync(join(copy, folder), { recursive: true, encoding: 'utf8' }),
  );

const idsInRegistry = (list: RegExp) => {
  const text = read('src/lib/lint/rules/registry.ts');
  const ids = new Map(
    [...text.matchAll(/^import \{ (\w+) \} from '\.\/(.+)\.ts';$/gmu)].map(([, name, id]) => [name, id]),
  );
  return {
    imports: [...ids.values()],
    entries: [...list.exec(text)![1]!.matchAll(/\w+/gu)].map(([name]) => ids.get(name)),
  };
};

describe('a new rule', () => {
  test('has all its files, is where its name belongs, and what is written needs no mending', () => {
    for (const id of ['style/new', 'cve/1-first', 'tls/zz-last', 'performance/middle-of-all']) {
      const { status, stderr, stdout } = make(id);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout.trim().split('\n')).toEqual(
        expect.arrayContaining([
          `src/lib/lint/rules/${id}.ts`,
          `docs/rules/${id}.md`,
          `fixtures/rules/${id}/bad/three.conf`,
          `fixtures/rules/${id}/good/one.conf`,
        ]),
      );
    }
    const { imports, entries } = idsInRegistry(/rules: readonly Rule\[\] = \[([^\]]*)\]/u);
    expect(imports).toEqual(imports.toSorted());
    expect(entries).toEqual(imports);
    expect(imports).toEqual(expect.arrayContaining(['style/new', 'cve/1-first', 'tls/zz-last']));
    const rows = [...read('docs/rules/README.md').matchAll(/^\| \[((\w+)\/[a-z0-9-]+)\]\(\1\.md\) \|/gmu)];
    for (const family of new Set(rows.map(([, , name]) => name))) {
      const own = rows.filter(([, , name]) => name === family).map(([, id]) => id);
      expect(own).toEqual(own.toSorted());
    }
    expect(rows.map(([, id]) => id)).toContain('performance/middle-of-all');
    expect(tool('oxfmt', '--check', 'src', 'scripts')).toMatchObject({ status: 0 });
    expect(tool('oxlint', '--deny-warnings', 'src')).toMatchObject({ status: 0 });
    expect(tool('tsc', '-p', '.')).toMatchObject({ status: 0, stdout: '' });
  }, 60_000);

  test.each([
    [[], 'name one rule'],
    [['style/a', 'style/b'], 'name one rule'],
    [['tls/weak-protocols'], 'there is a rule tls/weak-protocols'],
    [['style/weak-protocols'], 'there is a rule tls/weak-protocols'],
    [['syntax/mine'], 'syntax is what NGINX refuses'],
    [['taste/mine'], 'there is no family taste'],
    [['style/Mine'], 'is no name of a rule'],
    [['style/mine-'], 'is no name of a rule'],
    [['style/../../x'], 'is no name of a rule'],
    [['mine'], 'is no name of a rule'],
  ])('%j is refused, and nothing is written', (args, message) => {
    const before = everything();
    const { status, stderr } = make(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(everything()).toEqual(before);
  });
});

test('a rule that fails is told with exit code 3, the others speak, and rules hear what stands in front', () => {
  make('security/broken');
  make('security/curious');
  const change = (name: string, from: RegExp, to: string) => {
    const path = join(copy, `src/lib/lint/rules/security/${name}.ts`);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(from);
    writeFileSync(path, text.replace(from, to));
  };
  change(
    'broken',
    /for \(const item of .*/u,
    "for (const item of model.named('gzip')) report(item, '', { word: item.directive.words[9]!.value as never });",
  );
  change('curious', /\{ model, report \}/u, '{ model, report, behind }');
  change(
    'curious',
    /for \(const item of .*/u,
    "for (const item of model.named('gzip')) report(item, `behind ${behind}`);",
  );
  expect(execute('scripts/build.js')).toMatchObject({ status: 0 });
  const conf = 'gzip on;\nserver_tokens on;\n';
  writeFileSync(join(copy, 'a.conf'), conf);
  const lint = (...args: string[]) => execute('bin/lbctl.js', 'lint', ...args, 'a.conf');
  const found = lint('--behind', 'nlb-proxy');
  expect(found.status).toBe(3);
  expect(found.stdout).toMatch(/the rule security\/broken failed: .* {2}lint\/failed-rule/u);
  expect(found.stdout).toContain('warning: behind nlb-proxy');
  expect(found.stdout).toContain('security/version-disclosure');
  expect(found.stderr).toContain('error: a rule failed; the others have spoken');
  const json = JSON.parse(lint('--json').stdout) as { findings: { rule: string }[]; error: { code: string } };
  expect(json.error.code).toBe('failed-rule');
  expect(json.findings.map(({ rule }) => rule)).toEqual([
    'lint/failed-rule',
    'security/curious',
    'security/version-disclosure',
  ]);
  // neither a choice, nor a baseline, hides it; and what did not speak is not taken for known
  expect(lint('--only', 'tls', '--severity', 'error').status).toBe(3);
  writeFileSync(join(copy, 'base.json'), '{"format":"lbctl lint baseline","version":1,"findings":[]}');
  const update = lint('--baseline', 'base.json', '--update-baseline');
  expect(update.status).toBe(3);
  expect(read('base.json')).toContain('"findings":[]}');
  writeFileSync(join(copy, '.lbctlrc.yaml'), 'behind: alb\nrules: { security/broken: off }');
  expect(lint()).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('warning: behind alb') as string,
  });
}, 60_000);
