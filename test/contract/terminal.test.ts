import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { onTerminal } from '../support/on-terminal.ts';
import { cutWords } from '../support/rows.ts';

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

test('a terminal has colours, unless it is dumb or they are not wanted', async () => {
  expect(await on(80, 'rules')).toMatch(/\u001B\[/u);
  for (const env of [{ TERM: 'dumb' }, { NO_COLOR: '1' }])
    expect(await on(80, 'rules', env)).not.toMatch(/\u001B/u);
  expect(await on(80, 'rules --no-color')).not.toMatch(/\u001B/u);
});
