import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { lbctl, type Run } from '../support/cli.ts';
import { ec2Account } from '../support/ec2-region.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';
import { atEnd } from '../support/lifetime.ts';
import { onTerminal } from '../support/on-terminal.ts';
import { freePort } from '../support/ports.ts';
import { endNginx } from '../support/processes.ts';
import { cutWords } from '../support/rows.ts';
import { without } from '../support/tools.ts';
import { typist } from '../support/typist.ts';
import { currentRelease } from './release.ts';
import { CLOUD, cloudAccount, EC2, LIGHTSAIL, LOCAL } from './scene.ts';
import { type Home, names, offline, type Row, rows } from './table.ts';

interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

const LOCALE = { LC_ALL: 'C', LANG: 'C' };
/** Documents, whose lines are as wide as they are. */
const DOCUMENTS = new Set(['config', 'generate', 'completion', 'schema', 'dns export', 'init']);

/** All that a command that changes nothing shows, on whatever shows it. */
async function shows(name: string, args: readonly string[], { cwd, env }: Place): Promise<Run> {
  const words = [...name.split(' '), ...args];
  const [piped, json, narrow, wide] = await Promise.all([
    lbctl(words, { cwd, env: { ...env, ...LOCALE } }),
    lbctl([...words, '--json'], { cwd, env }),
    onTerminal(words, { cwd, env: { ...env, NO_COLOR: '1' }, columns: 40 }),
    onTerminal(words, { cwd, env: { ...env, TERM: 'dumb' }, columns: 200 }),
  ]);
  expect([name, piped.code, json.code]).toEqual([name, 0, 0]);
  plain(piped);
  expect(stripVTControlCharacters(narrow)).toBe(narrow);
  expect(stripVTControlCharacters(wide)).toBe(wide);
  if (!DOCUMENTS.has(name))
    for (const [text, columns] of [
      [narrow, 40],
      [wide, 200],
    ] as const)
      expect(cutWords(text, columns)).toEqual([]);
  return piped;
}

/** Nothing beyond ASCII, and nothing that steers a terminal. */
function plain({ stdout, stderr }: Run): void {
  expect(stdout + stderr).toMatch(/^[\t\n -~]*$/u);
}

/** One that changes something: what it asks, what comes of no, and what it tells. */
async function changes(
  name: string,
  { args = [], asks = false }: Row,
  { cwd, env }: Place,
  code = 0,
): Promise<void> {
  const words = name.split(' ');
  if (asks) {
    const me = await typist([...words, ...args.filter((arg) => arg !== '--yes')], { cwd, env, columns: 40 });
    await me.reads('(y/N)');
    me.type('n');
    me.press('Enter');
    expect([name, await me.ended()]).toEqual([name, 130]);
    expect(cutWords(me.screen(), 40)).toEqual([]);
  }
  const run = await lbctl([...words, ...args], { cwd, env: { ...env, ...LOCALE } });
  expect([name, run]).toEqual([name, { ...run, code }]);
  plain(run);
}

const commandsOf = (home: Home) => rows.filter(({ on = [] }) => on.includes(home));

/** Runs the commands of a home in their order, which leads from nothing to nothing, and gives how many have been well. */
async function all(home: Home, place: Place): Promise<number> {
  let count = 0;
  for (const row of commandsOf(home)) {
    const { name, args = [], file } = row;
    const there = file === undefined ? place : { ...place, env: { ...place.env, LBCTL_FILE: file } };
    const given = args.includes('RELEASE') ? [await currentRelease(place)] : args;
    // no machines stand behind nodes on EC2, so that they never serve
    const code = home === 'ec2' && name === 'up' ? 3 : 0;
    if (args.includes('--yes')) await changes(name, { ...row, args: given }, there, code);
    else await shows(name, given, there);
    count++;
  }
  return count;
}

test('every command is shown somewhere', () => {
  const seen = new Set([...offline, ...rows.filter(({ on = [] }) => on.length > 0)].map(({ name }) => name));
  expect(names.filter((name) => !seen.has(name))).toEqual([]);
});

describe.skipIf(without('tmux'))('what commands show', () => {
  test.each(offline)('$name', async ({ name, args = [] }) => {
    const cwd = await temporaryFolder();
    await writeFiles(cwd, { 'lb.yaml': LOCAL(8080), 'good.conf': 'events { }\n' });
    expect(await shows(name, args, { cwd, env: { HOME: cwd } })).toMatchObject({ code: 0 });
  });

  test('beside things on AWS', async () => {
    const aws = await cloudAccount();
    const cwd = await temporaryFolder();
    await writeFiles(cwd, {
      'lb.yaml': CLOUD,
      'lightsail.yaml': LIGHTSAIL,
      'records.zone': '$ORIGIN example.com.\nmail 60 IN A 192.0.2.1\n',
    });
    expect(await all('cloud', { cwd, env: { ...aws.env, AWS_REGION: 'eu-west-1', HOME: cwd } })).toBe(
      commandsOf('cloud').length,
    );
  });

  test('on EC2', async () => {
    const { aws } = await ec2Account();
    const cwd = await temporaryFolder();
    await writeFiles(cwd, { 'lb.yaml': EC2 });
    expect(await all('ec2', { cwd, env: { ...aws.env, HOME: cwd } })).toBe(commandsOf('ec2').length);
  });

  test.skipIf(without('nginx'))('on this machine', async () => {
    const cwd = await temporaryFolder();
    await writeFiles(cwd, { 'lb.yaml': LOCAL(await freePort()) });
    atEnd(() => endNginx(join(cwd, '.lbctl')));
    expect(await all('local', { cwd, env: { HOME: cwd } })).toBe(commandsOf('local').length);
  });
});
