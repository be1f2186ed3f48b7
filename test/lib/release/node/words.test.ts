import { spawnSync } from 'node:child_process';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../support/folder.ts';
import { without } from '../../../support/tools.ts';
import { startNode, type TestNode } from './node.ts';

describe.skipIf(without('nginx', 'curl'))('what is said of it', () => {
  let node: TestNode;
  beforeAll(async () => {
    node = await startNode();
    await node.add('second');
  });

  test('quotes, newlines and what a shell would run do nothing', async () => {
    const touched = join(await temporaryFolder(), 'touched');
    const evil = `o'b "q" $(touch ${touched}) \`touch ${touched}\`; touch ${touched} & | > ${touched} \\ %s * ~`;
    const settings = {
      who: `${evil}\n\tann`,
      reason: `a\nb\t${evil}`,
      about: `${evil}\r\n\u001b[31mred`,
      action: 'roll\tback',
    };
    expect(await node.activate('second', { settings })).toMatchObject({
      code: 0,
      outcome: 'kept',
      stderr: '',
    });
    const entry = (await node.history()).at(-1)!;
    expect(entry.slice(1)).toEqual([
      `${evil}  ann`,
      'roll back',
      'second',
      'releases/first',
      'kept',
      `${evil}   [31mred`,
    ]);
    await expect(readFile(touched)).rejects.toThrow('ENOENT');
    expect((await node.run('observe')).all('history').at(-1)!.split('\t')).toEqual(entry);
  });

  test.each([
    ['watch', '-1'],
    ['wait', '1+1'],
    ['keep', 'a[$(id)]'],
    ['keep', ''],
    ['other', '1'],
    ['IFS', 'x'],
    ['root', '/'],
  ])('%s=%s is no setting', async (name, value) => {
    const told = await node.activate('first', { settings: { [name]: value } });
    expect(told).toMatchObject({ code: 64, lines: [] });
    expect(told.stderr).toMatch(/^node\.sh: /u);
  });

  test('numbers may have fractions, which do not count', async () => {
    expect(await node.activate('first', { settings: { watch: '0.9', wait: '1.5' } })).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  test('a release is sent as it came', async () => {
    const sent = await node.run('send', { settings: { release: 'second' } });
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = spawnSync('sh', ['-c', 'base64 -d | tar -xOf - ./manifest'], {
      input: sent.lines.flat().join('\n'),
      encoding: 'utf8',
    });
    expect(stdout).toBe(await readFile(join(node.root, 'releases/second/manifest'), 'utf8'));
    const none = await node.run('send', { settings: { release: 'nowhere' } });
    expect(none).toMatchObject({ code: 11, outcome: 'refused', stderr: '' });
  });

  test('an unknown verb does nothing', async () => {
    expect(await node.run('remove')).toMatchObject({
      code: 64,
      stderr: 'node.sh: unknown verb remove\n',
      lines: [],
    });
  });

  test('drained servers are listed until a release without them is kept', async () => {
    const drained = (): Promise<string> => readFile(join(node.root, 'drained'), 'utf8');
    await node.activate('first', { settings: { drained: '10.0.0.1:80 [::1]:80' } });
    expect(await drained()).toBe('10.0.0.1:80\n[::1]:80\n');
    expect((await node.run('observe')).first('drained')).toBe('10.0.0.1:80 [::1]:80');
    await node.add('ill', { server: 'return 500;' });
    expect(await node.activate('ill', { settings: { drained: '10.0.0.2:80' } })).toMatchObject({ code: 10 });
    expect(await drained()).toBe('10.0.0.1:80\n[::1]:80\n');
    await node.activate('first');
    await expect(drained()).rejects.toThrow('ENOENT');
  });

  test('the history keeps its last thousand lines', async () => {
    const history = join(node.root, 'history');
    await writeFile(
      history,
      `${Array.from({ length: 2000 }, (_, line) => `${line}\ta\tb\tc\td\te\tf`).join('\n')}\n`,
    );
    await node.activate('first', { settings: { who: 'ann' } });
    const entries = await node.history();
    expect(entries).toHaveLength(1000);
    expect(entries[0]![0]).toBe('1001');
    expect(entries.at(-1)![1]).toBe('ann');
    expect((await node.run('observe')).all('history')).toHaveLength(200);
  });

  test('of releases stay as many as asked, the one that serves and the one before among them', async () => {
    const releases = async (): Promise<string[]> => (await readdir(join(node.root, 'releases'))).toSorted();
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
      await node.add(name);
      // the newest is d, and none is as old as what serves
      await utimes(join(node.root, 'releases', name), index + 1000, index + 1000);
    }
    await utimes(join(node.root, 'releases/first'), 1, 1);
    await utimes(join(node.root, 'releases/second'), 1, 1);
    await node.activate('a', { settings: { keep: 4 } });
    expect(await releases()).toEqual(['a', 'd', 'first', 'ill']);
    await node.activate('d', { settings: { keep: 1 } });
    expect(await releases()).toEqual(['a', 'd']);
    expect(await node.leftovers()).toEqual([]);
  });

  test('observe and facts tell what there is, and change nothing', async () => {
    const observed = await node.run('observe');
    expect(observed).toMatchObject({ code: 0, stderr: '' });
    expect(observed.first('link')).toBe('releases/d');
    expect(observed.first('master')).toBe(String(await node.master()));
    expect(observed.all('release')).toEqual(['a', 'd']);
    const facts = await node.run('facts');
    expect(facts).toMatchObject({ code: 0, stderr: '' });
    expect(facts.first('version')).toMatch(/^nginx\/\d/u);
    expect(facts.first('built')).toContain('--');
    expect(facts.first('curl')).toMatch(/\/curl$/u);
    expect(Number(facts.first('free'))).toBeGreaterThan(0);
    expect(Math.abs(Number(facts.first('time')) - Date.now() / 1000)).toBeLessThan(10);
    expect(await node.leftovers()).toEqual([]);
  });

  test('on a node where lbctl never was, too', async () => {
    const folder = await temporaryFolder();
    const settings = {
      link: join(folder, 'etc/nginx.conf'),
      pid: join(folder, 'pid'),
      log: join(folder, 'log'),
    };
    const shell = [
      'sh',
      '-c',
      'script=$1 verb=$2; shift 3; exec sh "$script" "$verb" "$0/var/lbctl" "$@"',
      folder,
    ];
    const facts = await node.run('facts', { settings, shell });
    expect(facts).toMatchObject({ code: 0, stderr: '' });
    expect(Number(facts.first('free'))).toBeGreaterThan(0);
    const observed = await node.run('observe', { settings, shell });
    expect(observed).toMatchObject({ code: 0, stderr: '' });
    expect(observed.lines.slice(1)).toEqual([
      ['link', '-'],
      ['master', ''],
    ]);
    expect(await readdir(folder)).toEqual([]);
  });
});
