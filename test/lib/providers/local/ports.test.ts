import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lbctl } from '../../../support/cli.ts';
import { newShop } from '../../../support/shop.ts';
import { without } from '../../../support/tools.ts';

test.skipIf(without('nginx', 'curl'))(
  'a port that another balancer has is told by plan and up, with what ends that',
  async () => {
    const shop = await newShop();
    expect(await shop.run('up')).toMatchObject({ code: 0 });
    const { pid } = await shop.status();
    const yaml = readFileSync(join(shop.folder, 'lb.yaml'), 'utf8').replace('name: shop', 'name: store');
    const taken = `tcp port ${shop.port} of listener http is taken by the balancer shop of ${shop.folder} (pid ${pid})`;

    // whoever renames one finds its own
    writeFileSync(join(shop.folder, 'lb.yaml'), yaml);
    const ends = `if that was renamed, lbctl down under its old name (name: shop) ends it; else give the listener another port than ${shop.port}`;
    expect(await shop.run('plan', '--check')).toMatchObject({
      code: 1,
      stderr: `! lbctl up would stop here: ${taken}; ${ends}\n`,
    });
    expect(await shop.run('up')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`error: ${taken}\nhint: ${ends}\n`) as string,
    });

    const other = join(shop.folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'lb.yaml'), yaml);
    const { stderr } = await lbctl(['plan'], { cwd: other });
    expect(stderr).toContain(`${taken}; cd ${shop.folder} && lbctl down ends it, or give the listener`);
  },
);
