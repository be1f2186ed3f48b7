import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { chmod, readFile, readlink, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { startHttp } from '../../../support/backends.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { atEnd } from '../../../support/lifetime.ts';
import { without } from '../../../support/tools.ts';
import { until } from '../../../support/wait.ts';
import { startNode, type TestNode, variant } from './node.ts';

const isRoot = process.getuid?.() === 0;

const sh = (command: string): SpawnSyncReturns<string> =>
  spawnSync('sh', ['-c', command], { encoding: 'utf8' });

/** A small disk; undefined, with a line that says so, where none may be mounted. */
async function smallDisk(): Promise<string | undefined> {
  const folder = await temporaryFolder();
  const { status, stderr } = sh(`mount -t tmpfs -o size=400k,mode=755 tmpfs ${folder}`);
  if (status !== 0) {
    console.warn(`no disk can be mounted, so tests of full ones are skipped: ${stderr.trim()}`);
    return undefined;
  }
  atEnd(() => void sh(`umount -l ${folder}`));
  return folder;
}

const disks = isRoot ? [await smallDisk(), await smallDisk()] : [];
if (!isRoot) console.warn('only root may mount a disk and become another user, so these tests are skipped');

describe.skipIf(without('nginx', 'curl') || disks[0] === undefined || disks[1] === undefined)(
  'a full disk',
  () => {
    /** Takes all that is left of a disk. */
    const fill = async (folder: string): Promise<string> => {
      const path = join(folder, 'ballast');
      // what the script writes meanwhile, and removes, leaves room once more
      await until('the disk is full', async () => {
        sh(`dd if=/dev/zero of=${path} bs=1k oflag=append conv=notrunc`);
        return (await statfs(folder)).bavail === 0;
      });
      return path;
    };

    test('receives nothing, and what is there serves', async () => {
      const node = await startNode({ folder: disks[0]! });
      await node.add('second');
      const archive = await node.archive('big', { files: { 'data.bin': 'x'.repeat(300_000) } });
      const told = await node.run('receive', { settings: { release: 'big' }, input: archive });
      expect(told).toMatchObject({ code: 11, outcome: 'refused', stderr: '' });
      expect(told.first('failed')).toMatch(/^receive\tthe release cannot be (written|unpacked) there$/u);
      expect(told.all('evidence').join('\n')).toMatch(/No space left on device|Wrote only/u);
      expect((await node.run('observe')).all('release')).toEqual(['first', 'second']);
      expect(await node.leftovers()).toEqual([]);

      const ballast = await fill(disks[0]!);
      const full = await node.activate('second');
      expect(full).toMatchObject({ code: 11, outcome: 'refused', stderr: '' });
      expect(full.first('failed')).toMatch(/cannot be written$/u);
      expect(await node.served()).toBe('first');
      expect(await readlink(node.link)).toBe('releases/first');
      await rm(ballast);
      expect(await node.leftovers()).toEqual([]);
      expect(await node.activate('second')).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    });

    test('does not keep a release from being taken back', async () => {
      const folder = disks[1]!;
      const node = await startNode({ folder, system: true });
      const backend = await startHttp('backend', { status: 200 });
      await node.add('ill', { server: `location / { proxy_pass http://${backend.address}; }` });
      const before = await readFile(node.link, 'utf8');
      const { reached, told } = node.begin('activate', { settings: { release: 'ill', watch: 2 } });
      await reached('watching');
      backend.answer({ status: 503 });
      const ballast = await fill(folder);
      expect(await told).toMatchObject({ code: 10, outcome: 'undone', stderr: '' });
      expect((await told).all('note')).toEqual([expect.stringMatching(/^the history lacks deploy of ill/u)]);
      expect(await node.served()).toBe('before');
      expect(await readFile(node.link, 'utf8')).toBe(before);
      await rm(ballast);
      expect(await node.leftovers()).toEqual([]);
      backend.answer({ status: 200 });
      expect(await node.activate('ill')).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    });
  },
);

describe.skipIf(without('nginx', 'curl') || !isRoot)('without the rights', () => {
  let node: TestNode;
  let script: string;
  const shell = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'sh'];
  beforeAll(async () => {
    node = await startNode();
    await node.add('second');
    // where every user may read it
    script = await variant((text) => text);
    await chmod(script, 0o755);
  });

  test('to write, it says so and changes nothing', async () => {
    const told = await node.activate('second', { shell, script });
    expect(told).toMatchObject({ code: 11, outcome: 'refused', stderr: '' });
    expect(told.first('failed')).toMatch(/^denied\t.*cannot be written$/u);
    expect(told.first('evidence')).toContain('Permission denied');
    const received = await node.run('receive', {
      shell,
      script,
      settings: { release: 'third' },
      input: await node.archive('third'),
    });
    expect(received).toMatchObject({ code: 11, outcome: 'refused', stderr: '' });
    expect(received.first('failed')).toBe('receive\tthe release cannot be written there');
    expect(received.first('evidence')).toContain('Permission denied');
    expect(await node.served()).toBe('first');
    expect(await node.leftovers()).toEqual([]);
  });

  test('over NGINX, it says so and changes nothing', async () => {
    sh(`chown -R 65534:65534 ${node.root}`);
    const told = await node.activate('second', { shell, script });
    expect(told).toMatchObject({ code: 11, outcome: 'refused', stderr: '' });
    expect(told.first('failed')).toMatch(/^denied\tNGINX belongs to another user/u);
    expect(await node.served()).toBe('first');
    expect(await node.leftovers()).toEqual([]);
  });

  test('over the folder of the link, or without it, it says so and changes nothing', async () => {
    const system = await startNode({ system: true });
    await system.add('second');
    const told = await system.activate('second', {
      settings: { link: join(system.folder, 'nowhere/nginx.conf') },
    });
    expect(told).toMatchObject({ code: 11, outcome: 'refused', stderr: '' });
    expect(await system.served()).toBe('before');
    expect(await system.leftovers()).toEqual([]);
  });
});
