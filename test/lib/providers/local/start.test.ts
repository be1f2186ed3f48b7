import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lbctl } from '../../../support/cli.ts';
import { newShop } from '../../../support/shop.ts';
import { without } from '../../../support/tools.ts';

describe.skipIf(without('nginx', 'curl'))('NGINX is started', { timeout: 90_000 }, () => {
  test('only where every address is one of this machine, which plan tells too', async () => {
    const shop = await newShop();
    shop.write('one', { listener: 'address: 198.51.100.7' });
    for (const command of ['plan', 'up']) {
      const run = await shop.run(command);
      expect([run.code, run.stderr]).toEqual([
        3,
        expect.stringMatching(
          /listener http is to listen on 198\.51\.100\.7, .*\nhint: .*127\.0\.0\.1.*leave address out/u,
        ),
      ]);
    }
    shop.write('one', { keys: 'metrics: { address: 203.0.113.7 }' });
    expect((await shop.run('up')).stderr).toContain('set metrics: { address: 127.0.0.1 }');
    expect((await shop.status()).remarks[0]).toContain('metrics is to listen on 203.0.113.7');
    expect(existsSync(join(shop.folder, '.lbctl'))).toBe(false);
    shop.write('one', { listener: 'address: 127.0.0.2' });
    expect(await shop.run('up')).toMatchObject({ code: 0 });
  });

  test('whatever a variable NGINX says', async () => {
    const shop = await newShop();
    const up = await lbctl(['up'], { cwd: shop.folder, env: { NGINX: '7;8;' } });
    expect(up).toMatchObject({ code: 0 });
    expect(await shop.answer()).toBe('one');
  });
});
