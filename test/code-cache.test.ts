import { chmod, copyFile, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lbctl } from './support/cli.ts';
import { temporaryFolder, writeFiles } from './support/folder.ts';

/** From Node 22 on Node keeps code by itself. */
const ours = process.version.startsWith('v20.');

describe.skipIf(!ours)('code that V8 compiled is kept for the next run', () => {
  test('for the user alone, a folder a build', async () => {
    const { run, builds, files } = await cache();
    await run('empty.conf');
    const [build = '', ...others] = await builds();
    expect(others).toEqual([]);
    expect((await stat(build)).mode & 0o777).toBe(0o700);
    for (const file of await files()) expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await files()).toContain(join(build, 'lint.js'));
  });

  test('after a few runs with what the first one did not need', async () => {
    const { run, builds, size } = await cache();
    await run('empty.conf');
    const first = await size();
    // as if the first one had taken no time, so that the next look is due at once
    const [build = ''] = await builds();
    await utimes(build, new Date(), (await stat(build)).birthtime);
    await run('unusual.conf');
    expect(await size()).toBeGreaterThan(first + 10_000);
    const second = await size();
    await run('empty.conf');
    await run('empty.conf');
    expect(await size()).toBeGreaterThanOrEqual(second);
  });

  test('with what most runs need, whatever the first one looked at', async () => {
    const { run, builds, size } = await cache();
    await run('empty.conf');
    const first = await size();
    const [build = ''] = await builds();
    await utimes(build, new Date(), (await stat(build)).birthtime);
    await run('full.conf');
    expect(await size()).toBeLessThan(first * 1.02);
  });

  test('what is broken there is made anew', async () => {
    const { run, builds, files } = await cache();
    await run('empty.conf');
    const before = new Map(
      await Promise.all((await files()).map(async (file) => [file, await readFile(file)] as const)),
    );
    for (const file of before.keys()) await writeFile(file, 'broken');
    await run('empty.conf');
    const [build = ''] = await builds();
    const program = join(build, 'lint.js');
    expect((await readFile(program)).length).toBeGreaterThan(before.get(program)!.length / 2);
  });

  test('what others can write to is not used', async () => {
    const { run, builds, files } = await cache();
    await run('empty.conf');
    const [build = ''] = await builds();
    for (const file of await files()) await rm(file);
    await chmod(build, 0o777);
    await run('empty.conf');
    expect(await files()).toEqual([]);
  });

  test('what there is to keep is looked at again when it has become twice as old', async () => {
    const { run, builds } = await cache();
    await run('empty.conf');
    const [build = ''] = await builds();
    const renewed = (ago: number) => utimes(build, new Date(), new Date(Date.now() - ago));
    const age = async () => Date.now() - (await stat(build)).mtimeMs;
    // it was made a moment ago, and this is the end of its first half
    await renewed(-600_000);
    await run('full.conf');
    expect(await age()).toBeLessThan(-500_000);
    await renewed(600_000);
    await run('full.conf');
    expect(await age()).toBeLessThan(500_000);
  });

  test('V8 with other options has a folder of its own', async () => {
    const { run, builds } = await cache();
    await run('empty.conf');
    await run('empty.conf', { NODE_OPTIONS: '--max-old-space-size=500' });
    expect(await builds()).toHaveLength(2);
  });

  test('the code of builds that were not run for long goes', async () => {
    const { run, builds } = await cache();
    await run('empty.conf');
    const [build = ''] = await builds();
    const folder = join(build, '..');
    const long = new Date(Date.now() - 40 * 86_400_000);
    for (const name of ['old', 'used']) {
      await mkdir(join(folder, name));
      await copyFile(join(build, 'lint.js'), join(folder, name, 'lint.js'));
      if (name !== 'used') await utimes(join(folder, name), long, long);
    }
    // the next run takes itself for another build
    await rm(build, { recursive: true });
    await run('empty.conf');
    const names = (await readdir(folder)).toSorted();
    expect(names).toContain('used');
    expect(names).not.toContain('old');
  });
});

/** lbctl with a cache of its own. */
async function cache() {
  const folder = await temporaryFolder();
  const home = join(folder, 'cache');
  const server = 'server { listen 80; location ~ ^/(.*)$ { set $a $1; return 302 /x$a; } }';
  await writeFiles(folder, {
    'empty.conf': 'events {}\n',
    'unusual.conf':
      'events {} mail { server { listen 25; protocol smtp; smtp_auth none; } } stream { geo $a { 10.0.0.0/8 b; } split_clients $remote_addr $b { 5% x; * y; } server { listen 5432 udp; ssl_preread on; proxy_pass $b$a; proxy_timeout 5x; } }\n',
    'full.conf': `events {} http { upstream a { server 10.0.0.1; keepalive 4; } map $host $b { a 1; } ${server} }\n`,
  });
  const run = async (file: string, env: Readonly<Record<string, string>> = {}) => {
    const { code, stderr } = await lbctl(['lint', file], {
      cwd: folder,
      env: { XDG_CACHE_HOME: home, ...env },
    });
    expect(stderr).not.toContain('    at ');
    expect([0, 1]).toContain(code);
  };
  const node = join(home, 'lbctl', `node-${process.version}-${process.arch}`);
  const builds = async () => (await readdir(node)).map((name) => join(node, name));
  const files = async () => {
    const found = await Promise.all(
      (await builds()).map(async (build) => (await readdir(build)).map((name) => join(build, name))),
    );
    return found.flat();
  };
  const size = async () => {
    const sizes = await Promise.all((await files()).map(async (file) => (await stat(file)).size));
    return sizes.reduce((sum, each) => sum + each, 0);
  };
  return { run, builds, files, size };
}
