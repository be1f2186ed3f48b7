import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { beforeEach, describe, expect, test } from 'vitest';
import { PROGRAM } from '../support/cli.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';
import { blocksOf } from '../support/markdown.ts';

const root = new URL('../../', import.meta.url).pathname;
const FINE = 'server {\n    listen 8080;\n}\n';
const BAD = 'server {\n    listen 8080;\n    gzip maybe;\n}\n';

const snippets = ['docs/ci.md', 'docs/pre-commit.md'].flatMap((page) =>
  blocksOf(readFileSync(join(root, page), 'utf8')).map((block) => ({
    ...block,
    file: block.info.get('file') ?? '',
    name: `${block.info.get('file') ?? block.language} on line ${block.line} of ${page}`,
  })),
);

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  const programs = mkdtempSync(join(folder, 'bin-'));
  symlinkSync(PROGRAM, join(programs, 'lbctl'));
  path = `${programs}:${process.env['PATH']}`;
  await writeFiles(folder, {
    'nginx/nginx.conf': 'events {}\n\nhttp {\n    include conf.d/*.conf;\n}\n',
    'nginx/conf.d/shop.conf': FINE,
  });
});

/** Runs the lines that call lbctl, as a shell does; the code is that of the first that fails. */
function runs(lines: readonly string[]): number | null {
  const own = lines.filter((line) => line.includes('lbctl ') && !line.startsWith('npm '));
  if (own.length === 0) throw new Error('nothing calls lbctl');
  const script = ['set -e', ...own].join('\n');
  return spawnSync('sh', ['-c', script], { cwd: folder, env: { ...process.env, PATH: path } }).status;
}

/** How commands end with a good configuration, and with a bad one. */
function codes(lines: readonly string[]): (number | null)[] {
  const good = runs(lines);
  writeFileSync(join(folder, 'nginx/conf.d/shop.conf'), BAD);
  return [good, runs(lines)];
}

/** Whatever the steps of a workflow, or of a job, run. */
function commandsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'run') return [String(inner)];
    return key === 'script' ? (inner as string[]) : commandsIn(inner);
  });
}

describe('the pages on pipelines and hooks', () => {
  const pipelines = snippets.filter(({ file }) => file.endsWith('.yml'));

  test.each(pipelines)('have $name, which is YAML whose commands work', ({ text }) => {
    expect(codes(commandsIn(load(text)))).toEqual([0, 1]);
  });

  test('show three pipelines', () => {
    expect(pipelines).toHaveLength(3);
  });

  test.each(snippets.filter(({ language, text }) => language === 'sh' && text.includes('lbctl')))(
    'have $name, a script that works',
    ({ text }) => {
      expect(codes([text])).toEqual([0, 1]);
    },
  );

  test('have settings of lint-staged whose commands work', async () => {
    const { text } = snippets.find(({ file }) => file === 'package.json')!;
    const { 'lint-staged': tasks } = JSON.parse(text) as { 'lint-staged': Record<string, string[]> };
    const commands = Object.values(tasks).flat();
    const site = join(folder, 'nginx/conf.d/shop.conf');
    expect(codes(commands.map((command) => `${command} ${site}`))).toEqual([0, 1]);
    const module = snippets.find(({ file }) => file === 'lint-staged.config.js')!;
    await writeFiles(folder, { 'lint-staged.config.mjs': module.text, 'nginx/conf.d/shop.conf': FINE });
    const { default: config } = (await import(join(folder, 'lint-staged.config.mjs'))) as {
      default: Record<string, (files: string[]) => string[]>;
    };
    expect(codes(Object.values(config).flatMap((task) => task([site])))).toEqual([0, 1]);
  });
});
