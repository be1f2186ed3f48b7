import { spawnSync } from 'node:child_process';
import { chmod, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createServer } from 'node:net';
import { serve } from '../../../support/backends.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { freePort } from '../../../support/ports.ts';
import { findNginx, findProgram, without } from '../../../support/tools.ts';
import { SCRIPT, startNode } from './node.ts';

test('it stays small enough to be read on a node', async () => {
  expect((await readFile(SCRIPT, 'utf8')).split('\n').length).toBeLessThanOrEqual(680);
});

describe.skipIf(without('shellcheck'))('shellcheck', () => {
  test('finds nothing', () => {
    expect(spawnSync(findProgram('shellcheck')!, [SCRIPT], { encoding: 'utf8' }).stdout).toBe('');
  });
});

describe.skipIf(without('nginx', 'curl', 'busybox'))('on a node with nothing but BusyBox and curl', () => {
  test.concurrent.each([
    ['a link of its own', false],
    ['the file of a package', true],
  ])(
    'all that is done works as with other programs, by %s',
    async (_, system) => {
      const bin = await temporaryFolder();
      const busybox = findProgram('busybox')!;
      const { stdout } = spawnSync(busybox, ['--list'], { encoding: 'utf8' });
      for (const name of stdout.trim().split('\n'))
        await symlink(busybox, join(bin, name)).catch(() => undefined);
      await symlink(findProgram('curl')!, join(bin, 'curl'));
      // the folders that the script adds to the path have other programs, but they come after
      const options = { shell: [join(bin, 'sh')], env: { PATH: bin } };

      const node = await startNode({ system });
      const { port } = await serve(createServer());
      const manifest = [
        `listener http 127.0.0.1 ${node.port} 200 /`,
        `server web 127.0.0.1 ${port}`,
        `listener tcp 127.0.0.1 ${port} 0 -`,
      ];
      const receive = async (release: string, lines: readonly string[]): Promise<void> => {
        const input = await node.archive(release, { manifest: lines });
        expect(await node.run('receive', { ...options, settings: { release }, input })).toMatchObject({
          code: 0,
          stderr: '',
          lines: [],
        });
      };
      await receive('kept', manifest);
      await receive('kept', manifest);
      await receive('ill', [`listener http 127.0.0.1 ${node.port} 404 /`]);
      await receive('dead', [`server api 127.0.0.1 ${await freePort()}`]);
      const cut = (await node.archive('cut')).subarray(0, 2048);
      expect(
        await node.run('receive', { ...options, settings: { release: 'cut' }, input: cut }),
      ).toMatchObject({ code: 11, stderr: '' });
      expect(await node.activate('kept', { ...options, settings: { watch: 1 } })).toMatchObject({
        code: 0,
        outcome: 'kept',
        stderr: '',
      });
      for (const release of ['ill', 'dead'])
        expect(await node.activate(release, options)).toMatchObject({
          code: 10,
          outcome: 'undone',
          stderr: '',
        });
      expect(await node.served()).toBe('kept');
      // the master dies, and its workers hold the ports
      const { reached, told } = node.begin('activate', {
        ...options,
        settings: { release: 'kept', watch: 20 },
      });
      await reached('watching');
      process.kill(await node.master(), 'SIGKILL');
      expect(await told).toMatchObject({ code: 10, outcome: 'undone', stderr: '' });
      expect(await node.served()).toBe('kept');
      const observed = await node.run('observe', options);
      expect(observed).toMatchObject({ code: 0, stderr: '' });
      expect(observed.all('release')).toEqual(
        system ? ['dead', 'ill', 'kept'] : ['dead', 'first', 'ill', 'kept'],
      );
      expect(await node.run('facts', options)).toMatchObject({ code: 0, stderr: '' });
      const settings = { release: 'kept', drained: 'web/a:80 web/b:80', seen: '' };
      expect(await node.activate('kept', { ...options, settings })).toMatchObject({ code: 0, stderr: '' });
      expect((await node.run('observe', options)).all('drained')).toEqual(['web/a:80 web/b:80']);
      const ends = `0100007F:${port.toString(16).toUpperCase()} unix:/no.sock localhost`;
      const counted = await node.run('connections', { ...options, settings: { servers: ends } });
      expect(counted).toMatchObject({ code: 0, stderr: '' });
      expect(counted.all('open').toSorted()).toEqual([
        `${ends.split(' ')[0]}\t0`,
        'localhost\t0',
        'unix:/no.sock\t0',
      ]);
      expect(await node.leftovers()).toEqual([]);
    },
    180_000,
  );
});

describe.skipIf(without('nginx', 'curl'))('options of NGINX', () => {
  test('may hold spaces, as newlines part them', async () => {
    const node = await startNode();
    await node.add('second');
    // it keeps its arguments as they came
    const folder = await temporaryFolder();
    const nginx = join(folder, 'nginx');
    await writeFile(nginx, `#!/bin/sh\nprintf '[%s]' "$@" >${folder}/arguments\nexec ${findNginx()!} "$@"\n`);
    await chmod(nginx, 0o755);
    const said = async (options: string): Promise<string> => {
      await node.activate('second', { settings: { nginx, options } });
      return (await readFile(join(folder, 'arguments'), 'utf8')).replace(/\[-c\].*$/u, '');
    };
    expect(await said(`-p\n${folder}/a b/*`)).toBe(`[-t][-p][${folder}/a b/*]`);
    expect(await said('-q\n-g\ndaemon on; $(id)')).toBe('[-t][-q][-g][daemon on; $(id)]');
    expect(await said('')).toBe('[-t]');
  });
});
