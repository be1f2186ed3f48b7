import { describe, expect, test } from 'vitest';
import { lbctl } from '../../../support/cli.ts';
import { newShop } from '../../../support/shop.ts';
import { without } from '../../../support/tools.ts';

describe.skipIf(without('nginx'))('NGINX is started', () => {
  test('whatever a variable NGINX says', async () => {
    const shop = await newShop();
    const up = await lbctl(['up'], { cwd: shop.folder, env: { NGINX: '7;8;' } });
    expect(up).toMatchObject({ code: 0 });
    expect(await shop.answer()).toBe('one');
  });
});
