import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { lbctl } from '../../../support/cli.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { atEnd } from '../../../support/lifetime.ts';
import { isRunning, newShop, type Shop } from '../../../support/shop.ts';
import { without } from '../../../support/tools.ts';
import { until } from '../../../support/wait.ts';

const LONG_AGO = '2026-01-01T00:00:00.000Z';

/** Puts a lock beside the folder of the balancer, or what becomes one. */
function put({ folder }: Shop, name: string, holder: string): void {
  mkdirSync(join(folder, '.lbctl', name), { recursive: true });
  writeFileSync(join(folder, '.lbctl', name, holder), `${LONG_AGO}\n`);
}

describe.skipIf(without('nginx', 'curl'))('the lock of a balancer', { timeout: 90_000 }, () => {
  test('is taken over where its number belongs to a later process', async () => {
    const shop = await newShop();
    put(shop, 'shop.lock', `${process.pid}.1`);
    expect(await shop.run('up')).toMatchObject({ code: 0 });
  });

  test('is respected while its process runs', async () => {
    const shop = await newShop();
    // the name in parentheses comes second, and the start is the 22nd field
    const start = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ')[19]!;
    put(shop, 'shop.lock', `${process.pid}.${start}`);
    const up = await shop.run('up');
    expect([up.code, up.stderr]).toEqual([
      3,
      expect.stringContaining(`pid ${process.pid}, since ${LONG_AGO}`),
    ]);
    rmSync(join(shop.folder, '.lbctl/shop.lock'), { recursive: true });
  });

  test('is taken over from a process that has ended, though its parent took no note', async () => {
    const shop = await newShop();
    const parent = spawn('bash', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    atEnd(() => void parent.kill());
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    await until('it has ended', () => !isRunning(pid));
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    put(shop, 'shop.lock', `${pid}.`);
    expect(await shop.run('up')).toMatchObject({ code: 0 });
  });

  test('leaves no drafts of those that were killed, and those of others alone', async () => {
    const shop = await newShop();
    const { pid } = spawnSync('true');
    for (const name of [`shop.lock.${pid}`, `shop.lock.${process.pid}`, `other.lock.${pid}`])
      mkdirSync(join(shop.folder, '.lbctl', name), { recursive: true });
    expect(await shop.run('up')).toMatchObject({ code: 0 });
    expect(readdirSync(join(shop.folder, '.lbctl')).toSorted()).toEqual(
      ['.gitignore', 'shop', `other.lock.${pid}`, `shop.lock.${process.pid}`].toSorted(),
    );
    put(shop, `shop.lock.${process.pid}`, `${process.pid}.1`);
    expect(await shop.run('down', '--yes')).toMatchObject({ code: 0 });
    expect(existsSync(join(shop.folder, `.lbctl/shop.lock.${process.pid}`))).toBe(false);
  });

  test.each([
    ['up', 'SIGINT'],
    ['deploy', 'SIGTERM'],
    ['down', 'SIGINT'],
  ] as const)('is let go by %s that %s stops while it looks', async (command, signal) => {
    const shop = await newShop();
    if (command === 'down') mkdirSync(shop.prefix, { recursive: true });
    const slow = join(shop.folder, 'nginx');
    const asked = join(shop.folder, 'asked');
    writeFileSync(slow, `#!/bin/sh\necho $$ > ${asked}\nexec sleep 600\n`, { mode: 0o755 });
    const lock = join(shop.folder, '.lbctl/shop.lock');
    const run = await lbctl([command, ...(command === 'down' ? [] : ['--yes'])], {
      cwd: shop.folder,
      env: { LBCTL_NGINX: slow },
      watch: (child) => {
        const look = (): void => {
          if (child.exitCode !== null) return;
          if (existsSync(lock)) child.kill(signal);
          else setImmediate(look);
        };
        look();
      },
    });
    if (existsSync(asked)) process.kill(Number(readFileSync(asked, 'utf8')));
    expect(run).toMatchObject({ code: 130, signal: null });
    expect(run.stderr).toMatch(/^stopped; nothing was changed$/mu);
    expect(existsSync(lock)).toBe(false);
    expect(existsSync(join(shop.folder, '.lbctl'))).toBe(command === 'down');
  });

  test('is not waited for by one that is stopped', async () => {
    const shop = await newShop();
    put(shop, 'shop.lock', `${process.pid}.`);
    const run = await lbctl(['up', '--yes', '--lock-wait', '60s'], {
      cwd: shop.folder,
      watch: (child) =>
        child.stderr!.on('data', (text: Buffer) => {
          if (text.includes('waiting for')) child.kill('SIGINT');
        }),
    });
    expect([run.code, run.stderr]).toEqual([130, expect.stringContaining('stopped; nothing was changed')]);
    expect(readdirSync(join(shop.folder, '.lbctl'))).toEqual(['.gitignore', 'shop.lock']);
  });

  test('is taken over by one alone of those that come at the same time', async () => {
    const folder = await temporaryFolder();
    const program = join(folder, 'program.mjs');
    await build({
      entryPoints: [join(import.meta.dirname, '../../../../src/lib/providers/local/lock.ts')],
      outfile: join(folder, 'lock.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
    // whoever holds it is killed then, as far as the others can see
    writeFileSync(
      program,
      `import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { withLock } from './lock.mjs';
const [lock, inside] = ['shop.lock', 'inside'].map((name) => ${JSON.stringify(`${folder}/`)} + name);
const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));
let held = 0;
for (let turn = 0; turn < 60; turn++) {
  await sleep(50 - (Date.now() % 50));
  const work = async () => {
    held++;
    writeFileSync(inside, '', { flag: 'wx' });
    await sleep(10);
    rmSync(inside);
    renameSync(lock + '/' + readdirSync(lock)[0], lock + '/999999.' + turn);
  };
  await withLock({ lock, prefix: ${JSON.stringify(join(folder, 'shop'))} }, { who: 'me', why: 'test', wait: 0 }, work).catch((error) => {
    if (error.code !== 'locked') throw error;
  });
}
console.log(held);
`,
    );
    mkdirSync(join(folder, 'shop.lock'));
    writeFileSync(join(folder, 'shop.lock/999999.1'), '');
    const runs = [1, 2, 3, 4].map(() => promisify(execFile)(process.execPath, [program]));
    const held = (await Promise.all(runs)).map(({ stdout }) => Number(stdout));
    // two at the same time would have failed; in each turn one at least has held it
    expect(held.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(60);
  });
});
