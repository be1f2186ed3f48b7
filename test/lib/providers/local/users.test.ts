import { spawnSync } from 'node:child_process';
import { chownSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lbctl } from '../../../support/cli.ts';
import { newShop, type Shop } from '../../../support/shop.ts';
import { without } from '../../../support/tools.ts';

const NOBODY = 65_534;

const asNobody = ({ folder }: Shop, ...args: string[]) =>
  lbctl(args, { cwd: folder, uid: NOBODY, env: { HOME: folder } });
const give = (folder: string) => spawnSync('chown', ['-R', `${NOBODY}:${NOBODY}`, folder]);

describe.skipIf(process.getuid?.() !== 0 || without('nginx', 'curl'))(
  'for a user who did not start it',
  { timeout: 90_000 },
  () => {
    test('a running balancer is told to be of somebody else, and goes on as it is', async () => {
      const shop = await newShop();
      await shop.run('up');
      const [before, release] = [await shop.status(), readlinkSync(join(shop.prefix, 'current'))];
      give(shop.folder);
      const down = await asNobody(shop, 'down', '--yes');
      expect([down.code, down.stderr]).toEqual([
        4,
        expect.stringContaining(`NGINX (pid ${before.pid}) was started by another user, root`),
      ]);
      expect(down.stderr).toContain('hint: run the command as that user');
      shop.write('two');
      const up = await asNobody(shop, 'up', '--yes');
      expect([up.code, up.stderr]).toEqual([4, expect.stringContaining('was started by another user')]);
      expect(readlinkSync(join(shop.prefix, 'current'))).toBe(release);
      expect(await shop.status()).toMatchObject({ pid: before.pid, serving: before.serving });
    });

    test('a folder that cannot be written is told, however far the work has come', async () => {
      const shop = await newShop();
      await shop.run('up');
      await shop.run('down', '--yes');
      give(shop.folder);
      await asNobody(shop, 'up');
      chownSync(shop.prefix, 0, 0);
      shop.write('two');
      const up = await asNobody(shop, 'up', '--yes');
      expect([up.code, up.stderr]).toEqual([
        3,
        expect.stringContaining(`error: cannot write to ${shop.prefix}: permission denied`),
      ]);
      expect([await shop.answer(), up.stderr.includes('hint: run the command as the user')]).toEqual([
        'one',
        true,
      ]);
    });
  },
);
