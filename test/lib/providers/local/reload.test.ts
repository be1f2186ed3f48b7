import { describe, expect, test } from 'vitest';
import type { Io } from '../../../../src/lib/io.ts';
import { provider } from '../../../../src/lib/providers/local/provider.ts';
import { loadBalancer } from '../../../../src/lib/source/load.ts';
import { atEnd } from '../../../support/lifetime.ts';
import { isRunning, newShop } from '../../../support/shop.ts';
import { without } from '../../../support/tools.ts';
import { sleep } from '../../../support/wait.ts';

describe.skipIf(without('nginx'))('a reload', () => {
  test('is not confirmed while a worker of before can take a connection', async () => {
    const shop = await newShop();
    await shop.run('up');
    const [worker] = (await shop.status()).workers;
    const late = worker!.pid;
    atEnd(() => void (isRunning(late) && process.kill(late, 'SIGKILL')));
    shop.write('two');
    process.kill(late, 'SIGSTOP');
    let ended = false;
    const up = shop.run('up', '--yes').finally(() => (ended = true));
    await sleep(3500);
    expect(ended).toBe(false);
    process.kill(late, 'SIGCONT');
    expect(await up).toMatchObject({ code: 0 });
    await expect.poll(() => isRunning(late)).toBe(false);
  });

  test('of an NGINX that ended meanwhile is told at once, and the next up starts it', async () => {
    const shop = await newShop();
    await shop.run('up');
    shop.write('two');
    const loaded = await loadBalancer({ options: {}, env: {}, cwd: shop.folder });
    const place = provider.locate(loaded);
    const desired = await provider.desire(place, loaded, process.env);
    const observed = await provider.observe(place);
    const [stage, reload] = provider.plan(desired, observed).steps;
    const io: Io = { notify: () => undefined, confirm: async () => true };
    await provider.execute(stage!, desired, observed, io);
    process.kill(observed.running!.master, 'SIGTERM');
    await expect.poll(async () => (await shop.status()).running).toBe(false);
    await expect(provider.execute(reload!, desired, observed, io)).rejects.toMatchObject({
      code: 'nginx-gone',
    });
    expect(await shop.run('up')).toMatchObject({ code: 0 });
    expect(await shop.answer()).toBe('two');
  });

  test('serves nothing but the new release as soon as it is confirmed', async () => {
    const shop = await newShop();
    await shop.run('up');
    for (const body of ['two', 'three', 'four']) {
      shop.write(body);
      expect(await shop.run('up', '--yes')).toMatchObject({ code: 0 });
      const answers = await Promise.all(Array.from({ length: 30 }, shop.answer));
      expect(new Set(answers)).toEqual(new Set([body]));
    }
  });
});
