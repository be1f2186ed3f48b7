import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lbctl } from '../../../support/cli.ts';
import { atEnd } from '../../../support/lifetime.ts';
import { isRunning, newShop } from '../../../support/shop.ts';
import { without } from '../../../support/tools.ts';

describe.skipIf(without('nginx', 'curl'))('down', { timeout: 90_000 }, () => {
  test('kills an NGINX that heeds no signal, and says so', async () => {
    const shop = await newShop();
    await shop.run('up');
    const { pid, workers } = await shop.status();
    const all = [pid, ...workers.map((worker) => worker.pid)];
    for (const halted of all) process.kill(halted, 'SIGSTOP');
    atEnd(() => all.filter(isRunning).forEach((left) => process.kill(left, 'SIGKILL')));
    let timer: NodeJS.Timeout | undefined;
    const down = await lbctl(['down', '--yes'], {
      cwd: shop.folder,
      watch: (child) => (timer = setTimeout(() => child.kill('SIGKILL'), 60_000)),
    });
    clearTimeout(timer);
    expect(down).toMatchObject({ code: 0, stderr: expect.stringContaining('it is killed') });
    expect([all.filter(isRunning), existsSync(shop.prefix)]).toEqual([[], false]);
  });
});
