import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { atEnd } from '../../../support/lifetime.ts';
import { isRunning, newShop, type Shop } from '../../../support/shop.ts';
import { without } from '../../../support/tools.ts';
import { until } from '../../../support/wait.ts';

const LONG_AGO = '2026-01-01T00:00:00.000Z';

/** Puts a file beside the folder of the balancer. */
function put({ folder }: Shop, name: string, content: string): void {
  mkdirSync(join(folder, '.lbctl'), { recursive: true });
  writeFileSync(join(folder, '.lbctl', name), content);
}

describe.skipIf(without('nginx', 'curl'))('the lock of a balancer', { timeout: 90_000 }, () => {
  test('is taken over where its number belongs to a later process', async () => {
    const shop = await newShop();
    put(shop, 'shop.lock', `${process.pid} ${LONG_AGO} 1\n`);
    expect(await shop.run('up')).toMatchObject({ code: 0 });
  });

  test('is respected while its process runs', async () => {
    const shop = await newShop();
    // the name in parentheses comes second, and the start is the 22nd field
    const start = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ')[19]!;
    put(shop, 'shop.lock', `${process.pid} ${LONG_AGO} ${start}\n`);
    const up = await shop.run('up');
    expect([up.code, up.stderr]).toEqual([
      3,
      expect.stringContaining(`pid ${process.pid}, since ${LONG_AGO}`),
    ]);
    put(shop, 'shop.lock', '');
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
    put(shop, 'shop.lock', `${pid} ${LONG_AGO}\n`);
    expect(await shop.run('up')).toMatchObject({ code: 0 });
  });

  test('leaves no drafts of those that were killed, and those of others alone', async () => {
    const shop = await newShop();
    const { pid } = spawnSync('true');
    for (const name of [`shop.lock.${pid}`, `shop.lock.${process.pid}`, `other.lock.${pid}`])
      put(shop, name, '');
    expect(await shop.run('up')).toMatchObject({ code: 0 });
    expect(readdirSync(join(shop.folder, '.lbctl')).toSorted()).toEqual(
      ['shop', `other.lock.${pid}`, `shop.lock.${process.pid}`].toSorted(),
    );
    put(shop, `shop.lock.${process.pid}`, `${process.pid} ${LONG_AGO} 1\n`);
    expect(await shop.run('down', '--yes')).toMatchObject({ code: 0 });
    expect(existsSync(join(shop.folder, `.lbctl/shop.lock.${process.pid}`))).toBe(false);
  });
});
