import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lbctl } from '../../../support/cli.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { atEnd } from '../../../support/lifetime.ts';
import { isRunning, newShop, type ShopStatus } from '../../../support/shop.ts';
import { without } from '../../../support/tools.ts';

const down = (cwd: string) => lbctl(['down', '--yes'], { cwd });
const status = async (cwd: string) =>
  JSON.parse((await lbctl(['status', '--json'], { cwd })).stdout) as ShopStatus;

describe.skipIf(without('nginx', 'curl'))(
  'a balancer whose folder has two names, or another one',
  { timeout: 90_000 },
  () => {
    test('is the same one by way of a link', async () => {
      const shop = await newShop();
      const link = join(await temporaryFolder(), 'link');
      symlinkSync(shop.folder, link);
      expect(await lbctl(['up'], { cwd: link, env: { PWD: link } })).toMatchObject({ code: 0 });
      const { pid, running } = await shop.status();
      expect(running).toBe(true);
      shop.write('two');
      expect(
        await lbctl(['up', '--yes', '--watch', '0', '-f', `${link}/lb.yaml`], { cwd: '/' }),
      ).toMatchObject({ code: 0 });
      expect([await shop.answer(), (await shop.status()).pid]).toEqual(['two', pid]);
      expect(await lbctl(['down', '--yes', '-f', `${link}/lb.yaml`], { cwd: '/' })).toMatchObject({
        code: 0,
      });
      expect(isRunning(pid)).toBe(false);
    });

    test('started by way of a link, it is found without it', async () => {
      const shop = await newShop();
      const link = join(await temporaryFolder(), 'link');
      symlinkSync(shop.folder, link);
      expect(await lbctl(['up', '-f', `${link}/lb.yaml`], { cwd: '/' })).toMatchObject({ code: 0 });
      const { pid, running } = await shop.status();
      expect(running).toBe(true);
      expect(await shop.run('down', '--yes')).toMatchObject({ code: 0 });
      expect(isRunning(pid)).toBe(false);
    });

    test('was moved: up restarts NGINX there, and what takes the old place is another one', async () => {
      const shop = await newShop();
      expect(await shop.run('up')).toMatchObject({ code: 0 });
      const before = await shop.status();
      const moved = join(await temporaryFolder(), 'moved');
      atEnd(async () => void (await down(moved)));
      renameSync(shop.folder, moved);
      const found = await status(moved);
      expect([found.pid, found.remarks]).toEqual([
        before.pid,
        [expect.stringContaining(`NGINX was started in ${shop.prefix}`)],
      ]);
      mkdirSync(shop.folder);
      shop.write('another');
      expect(await shop.status()).toMatchObject({ running: false });
      expect(await down(shop.folder)).toMatchObject({ code: 0 });
      const up = await lbctl(['up', '--yes', '--watch', '0'], { cwd: moved });
      expect(up).toMatchObject({ code: 0, stderr: expect.stringContaining('where its folder is no longer') });
      expect([await shop.answer(), isRunning(before.pid)]).toEqual(['one', false]);
      expect((await status(moved)).remarks).toEqual([]);
      expect(await down(moved)).toMatchObject({ code: 0 });
    });
  },
);
