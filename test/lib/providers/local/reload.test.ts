import { describe, expect, test } from 'vitest';
import { lbctl } from '../../../support/cli.ts';
import { atEnd } from '../../../support/lifetime.ts';
import { isRunning, newShop } from '../../../support/shop.ts';
import { without } from '../../../support/tools.ts';
import { sleep, until } from '../../../support/wait.ts';

describe.skipIf(without('nginx', 'curl'))('a reload', { timeout: 90_000 }, () => {
  test('is not confirmed while a worker of before can take a connection', async () => {
    const shop = await newShop();
    await shop.run('up');
    const [worker] = (await shop.status()).workers;
    const late = worker!.pid;
    atEnd(() => void (isRunning(late) && process.kill(late, 'SIGKILL')));
    shop.write('two');
    process.kill(late, 'SIGSTOP');
    let [ended, text] = [false, ''];
    const up = lbctl(['up', '--yes', '--watch', '0'], {
      cwd: shop.folder,
      watch: (child) => child.stderr!.on('data', (more: Buffer) => (text += more.toString())),
    }).finally(() => (ended = true));
    await until('it waits', () => text.includes('new workers take over'));
    await sleep(1500);
    expect(ended).toBe(false);
    process.kill(late, 'SIGCONT');
    expect(await up).toMatchObject({ code: 0 });
    await expect.poll(() => isRunning(late)).toBe(false);
  });

  test('of an NGINX that ends meanwhile is told, what was before serves again, and the next up goes on', async () => {
    const shop = await newShop();
    await shop.run('up');
    shop.write('two');
    const { pid } = await shop.status();
    const up = await lbctl(['up', '--yes', '--watch', '20s'], {
      cwd: shop.folder,
      watch: (child) => {
        let text = '';
        child.stderr!.on('data', (more: Buffer) => {
          const [before, after] = [text, (text += more.toString())];
          if (!before.includes('is watched') && after.includes('is watched')) process.kill(pid, 'SIGTERM');
        });
      },
    });
    expect(up).toMatchObject({ code: 3, stderr: expect.stringContaining('NGINX ended') as string });
    expect(await shop.answer()).toBe('one');
    expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(await shop.answer()).toBe('two');
  });

  test('serves nothing but the new release as soon as it is confirmed', async () => {
    const shop = await newShop();
    await shop.run('up');
    for (const body of ['two', 'three', 'four']) {
      shop.write(body);
      expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
      const answers = await Promise.all(Array.from({ length: 30 }, shop.answer));
      expect(new Set(answers)).toEqual(new Set([body]));
    }
  });
});
