import { cpSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newShop } from '../../../support/shop.ts';
import { without } from '../../../support/tools.ts';

describe.skipIf(without('nginx', 'curl'))('of many releases', { timeout: 90_000 }, () => {
  test('the last ten stay', async () => {
    const shop = await newShop();
    expect(await shop.run('up')).toMatchObject({ code: 0 });
    const releases = join(shop.prefix, 'releases');
    const [first] = readdirSync(releases);
    // as if they had come before it, the oldest first
    const older = Array.from({ length: 9 }, (_, index) => `${index}`.padStart(16, '0'));
    for (const [index, id] of older.entries()) {
      cpSync(join(releases, first!), join(releases, id), { recursive: true });
      utimesSync(join(releases, id), 1000 + index, 1000 + index);
    }
    for (const body of ['two', 'three']) {
      shop.write(body);
      expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    }
    const left = readdirSync(releases);
    expect(left).toHaveLength(10);
    expect(left).toEqual(expect.arrayContaining([first, ...older.slice(2)]));
  });
});
