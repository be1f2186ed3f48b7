import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { without } from '../../../support/tools.ts';
import { until } from '../../../support/wait.ts';
import { startNode, type TestNode, variant } from './node.ts';

describe.skipIf(without('nginx', 'curl'))('one at a time', () => {
  let node: TestNode;
  beforeAll(async () => {
    node = await startNode();
    await node.add('second');
  });

  const lock = (): string => join(node.root, 'lock');
  const busy = async (): Promise<void> => {
    await until('somebody is at work', async () => (await readdir(lock()).catch(() => [])).length > 0);
  };
  /** A lock as a run leaves it that was killed. */
  const leaveLock = async (name: string, content: string): Promise<void> => {
    await mkdir(lock(), { recursive: true });
    await writeFile(join(lock(), name), content);
  };

  const rmLock = (): Promise<void> => rm(lock(), { recursive: true });

  test('the second is told who is at work, why and since when, and may wait', async () => {
    const settings = { release: 'second', watch: 2, who: 'ann', reason: 'a change' };
    const first = node.begin('activate', { settings });
    await busy();
    const second = await node.activate('first', { settings: { who: 'bob' } });
    expect(second).toMatchObject({ code: 75, outcome: undefined, stderr: '' });
    expect(second.lines).toEqual([['locked', 'ann', 'a change', expect.stringMatching(/^[0-9]$/u)]]);
    const third = await node.activate('first', { settings: { wait: 20 } });
    expect(await first.told).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    expect(third).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    expect(third.first('note')).toBe('waiting for ann (a change)');
    expect(await node.served()).toBe('first');
    expect(await node.leftovers()).toEqual([]);
  });

  test('observe tells of it', async () => {
    const { told } = node.begin('activate', {
      settings: { release: 'first', watch: 1, who: 'ann', reason: 'a change' },
    });
    await busy();
    expect((await node.run('observe')).first('lock')).toMatch(/^ann\ta change\t\d+$/u);
    await told;
  });

  test.each([
    ['of a process that is gone', '999999.12345'],
    ['of a process whose number is another’s now', `${process.pid}.1`],
    ['of nobody', 'holder'],
  ])('a lock %s is taken over', async (_, name) => {
    await leaveLock(name, 'ann\ta change\t1\n');
    expect(await node.activate('first')).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    expect(await node.leftovers()).toEqual([]);
  });

  test('what runs left that were killed is cleared away', async () => {
    const left = ['lock.999999', 'before.new', 'releases/.draft.999999', 'releases/.drop.old'];
    for (const name of left) await mkdir(join(node.root, name, 'a'), { recursive: true });
    for (const name of ['history.new', 'node-1.sh.999999']) await writeFile(join(node.root, name), 'a');
    expect(await node.leftovers()).toHaveLength(left.length + 2);
    // not what is just coming
    const coming = `node-1.sh.${process.pid}`;
    await writeFile(join(node.root, coming), 'a');
    expect(await node.run('recover')).toMatchObject({ code: 0, stderr: '' });
    expect(await node.leftovers()).toEqual([coming]);
    await rm(join(node.root, coming));
  });

  test('a lock without a file in it is taken over', async () => {
    await mkdir(lock());
    expect(await node.activate('first')).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    expect(await node.leftovers()).toEqual([]);
  });

  test('a lock of which nothing can be read is waited for as long as was asked, no longer', async () => {
    const stat = await readFile(`/proc/${process.pid}/stat`, 'utf8');
    const began = stat.replace(/^.*\) /su, '').split(' ')[19];
    await leaveLock(`${process.pid}.${began}`, 'since(');
    // of what it does not know, it counts from when it looked
    const just = expect.stringMatching(/^[01]$/u) as string;
    expect(await node.activate('first', { settings: { wait: 1 } })).toMatchObject({
      code: 75,
      lines: [
        ['note', 'waiting for since( ()'],
        ['locked', 'since(', '-', just],
      ],
      stderr: '',
    });
    await leaveLock(`${process.pid}.${began}`, '');
    expect(await node.activate('first')).toMatchObject({ code: 75, lines: [['locked', '-', '-', just]] });
    await rmLock();
    // what is no folder at all is nobody's, and left to people
    await writeFile(lock(), '');
    expect(await node.activate('first')).toMatchObject({ code: 75, lines: [['locked', '-', '-', just]] });
    await rmLock();
    expect(await node.leftovers()).toEqual([]);
  });

  test('of many that find a lock of the dead, never two are at work', async () => {
    const script = await variant((text) =>
      text.replace(
        /^ {4}take_lock$/mu,
        '$&\n    mkdir "$root/inside" || say evidence "two at once"\n    sleep 0.05\n    rmdir "$root/inside"',
      ),
    );
    for (let round = 0; round < 4; round++) {
      await leaveLock(`${999_990 + round}.1`, 'ann\ta change\t1\n');
      const runs = Array.from({ length: 10 }, () => node.run('recover', { script, settings: { wait: 30 } }));
      for (const told of await Promise.all(runs)) {
        expect(told).toMatchObject({ code: 0, stderr: '' });
        expect(told.all('evidence')).toEqual([]);
      }
    }
    expect(await node.leftovers()).toEqual([]);
  }, 60_000);
});
