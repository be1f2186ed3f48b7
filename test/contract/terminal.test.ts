import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';
import { onTerminal } from '../support/on-terminal.ts';
import { cutWords } from '../support/rows.ts';
import { without } from '../support/tools.ts';
import { typist } from '../support/typist.ts';
import { LOCAL } from './scene.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await temporaryFolder();
});
const on = (columns: number, line: string, env: Record<string, string> = {}): Promise<string> =>
  onTerminal(line.split(' '), { columns, cwd, env: { HOME: cwd, ...env } });

describe.each([40, 200])('on a terminal of %i columns', (columns) => {
  test.each([
    '--help',
    'help output',
    'help lb.yaml routes',
    'lint --help',
    'dns --help',
    'rules lost-headers',
    'statsu',
    'pool',
  ])('lbctl %s keeps to its width, and cuts no word', async (line) => {
    const shown = stripVTControlCharacters(await on(columns, line));
    expect(cutWords(shown, columns)).toEqual([]);
    // what may be copied goes on by itself: commands, and lines of files
    const long = shown.split('\n').filter((text) => text.length > columns && !/^ {2}|^hint: /u.test(text));
    expect(long).toEqual([]);
    expect(shown.length).toBeGreaterThan(50);
  });
});

test('help and pages take as many columns as COLUMNS says where there is no terminal, and commands are whole', async () => {
  const { stdout } = await lbctl(['lint', '--help'], { cwd, env: { COLUMNS: '40' } });
  const long = stdout.split('\n').filter((line) => line.length > 40);
  expect(long.filter((line) => !line.startsWith('  lbctl '))).toEqual([]);
  expect(stdout).toContain('\n  lbctl lint --baseline known.json --update-baseline .\n');
});

test.skipIf(without('tmux'))('a pager on a narrow terminal gets lines that fit', async () => {
  const me = await typist(['help', 'lb.yaml', 'routes.paths'], {
    cwd,
    columns: 40,
    into: join(cwd, 'paged'),
  });
  expect(await me.ended()).toBe(0);
  const lines = readFileSync(join(cwd, 'paged'), 'utf8').split('\n');
  expect(lines.filter((line) => line.length > 40)).toEqual([]);
  expect(lines.length).toBeGreaterThan(50);
});

test('a terminal has colours, unless it is dumb or they are not wanted', async () => {
  expect(await on(80, 'rules')).toMatch(/\u001B\[/u);
  for (const env of [{ TERM: 'dumb' }, { NO_COLOR: '1' }])
    expect(await on(80, 'rules', env)).not.toMatch(/\u001B/u);
  expect(await on(80, 'rules --no-color')).not.toMatch(/\u001B/u);
});

describe.skipIf(without('tmux'))('where something is asked or drawn', () => {
  test('a question is on the terminal, though stdout is a file', async () => {
    await writeFiles(cwd, { 'lb.yaml': LOCAL(8080), 'out/nginx.conf': 'events { }\n' });
    const me = await typist(['generate', '--out', 'out'], { cwd, into: join(cwd, 'printed') });
    await me.answer('Replace what out has of these?', 'y');
    expect(await me.ended()).toBe(0);
    expect(readFileSync(join(cwd, 'printed'), 'utf8')).toBe('');
  });

  test.each(['C-c', 'C-d'])('%s is no answer', async (key) => {
    await writeFiles(cwd, { 'lb.yaml': LOCAL(8080), 'other/nginx.conf': 'events { }\n' });
    const me = await typist(['generate', '--out', 'other'], { cwd });
    await me.reads('Replace what other has of these?');
    me.press(key);
    await me.reads('stopped; nothing more was changed');
    expect(await me.ended()).toBe(130);
    expect(readFileSync(join(cwd, 'other/nginx.conf'), 'utf8')).toBe('events { }\n');
  });

  test('nothing is drawn anew in a file', async () => {
    const me = await typist(['metrics', '--watch'], { cwd, into: join(cwd, 'drawn') });
    await me.reads('--watch draws on a terminal');
    expect(await me.ended()).toBe(2);
    expect(readFileSync(join(cwd, 'drawn'), 'utf8')).toBe('');
  });
});
