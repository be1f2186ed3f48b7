import { beforeAll, describe, expect, test } from 'vitest';
import { request } from '../support/client.ts';
import { fakePlus, type FakePlus } from '../support/plus.ts';
import { effects, ended, startPool } from '../support/pool.ts';
import { without } from '../support/tools.ts';
import { until } from '../support/wait.ts';

type Pool = Awaited<ReturnType<typeof startPool>>;

/** What NGINX Plus itself would do could not be tried: see test/support/plus.ts. */
describe.skipIf(without('nginx', 'curl'))('lbctl pool on NGINX Plus', () => {
  let plus: FakePlus;
  let pool: Pool;
  beforeAll(async () => {
    plus = await fakePlus();
    pool = await startPool(['a', 'b', 'c'], plus);
  });

  const reload = async (): Promise<void> => {
    const { pid, serving } = await pool.shop.status();
    const loads = await plus.loads();
    process.kill(pid, 'SIGHUP');
    await until('NGINX reloads', async () => (await plus.loads()) > loads);
    expect(await pool.shop.status()).toMatchObject({
      serving,
      remarks: expect.not.arrayContaining([expect.stringContaining('API')]) as string[],
    });
  };

  test('drains, lifts, adds and removes without a reload, and the next reload changes nothing', async () => {
    const { address } = pool.backends[1]!;
    const loads = await plus.loads();
    const before = await pool.shop.status();
    const drained = await pool.pool('drain', address, '--upstream', 'web');
    expect(drained).toEqual({
      ...drained,
      ...ended(
        0,
        'by the API of NGINX Plus, without a reload',
        'NGINX Plus changes its servers by its API',
        `${address} is out`,
      ),
    });
    expect(drained.stderr).not.toContain('reloads');
    expect(await pool.reached()).toEqual(['a', 'c']);
    expect(await effects(pool)).toEqual(['serving', 'drained', 'serving']);
    const status = await pool.shop.status();
    expect(status.serving).not.toBe(before.serving);
    expect(status.workers).toEqual(before.workers);
    expect(status.remarks).toContainEqual(
      `release ${status.serving} came over ${before.serving} by the API of NGINX Plus: its next reload loads it, and changes nothing`,
    );
    expect((await pool.shop.run('plan')).stdout).toContain('no changes');

    expect(await pool.pool('undrain', address)).toMatchObject({ code: 0 });
    expect(await pool.pool('remove', 'web', address)).toMatchObject({ code: 0 });
    expect(await pool.reached()).toEqual(['a', 'c']);
    expect(await pool.pool('add', 'web', address, '--weight', '3')).toMatchObject({ code: 0 });
    expect(await pool.reached()).toEqual(['a', 'b', 'c']);
    expect(await plus.loads()).toBe(loads);
    expect(await plus.changes()).toEqual([
      'PATCH /api/9/http/upstreams/web/servers/1 {"drain":true}',
      'PATCH /api/9/http/upstreams/web/servers/1 {"drain":false}',
      'DELETE /api/9/http/upstreams/web/servers/1',
      `POST /api/9/http/upstreams/web/servers/ {"server":"${address}","weight":3,"max_fails":3}`,
    ]);

    await reload();
    expect(await effects(pool)).toEqual(['serving', 'serving', 'serving']);
    expect(await pool.reached()).toEqual(['a', 'b', 'c']);
    const history = (await pool.shop.run('releases')).stdout;
    for (const action of ['drain', 'undrain', 'remove', 'add']) expect(history).toContain(`${action} kept`);
  });

  test('waits for what is in work at the server, as the API counts it', async () => {
    const [, b] = pool.backends;
    const counts = async (): Promise<number> =>
      (await plus.asked()).filter(({ url }) => url === '/api/9/http/upstreams').length;
    const before = await counts();
    let open = (): void => undefined;
    b!.answer({ until: new Promise<void>((resolve) => (open = resolve)) });
    const seen = b!.received.length;
    const requests = [1, 2, 3, 4].map(() => request({ port: pool.shop.port }));
    await until('a request is at b', () => b!.received.length > seen);
    const drain = pool.pool('drain', b!.address, '--upstream', 'web');
    await until('it is told of them', async () => (await counts()) > before + 1, 30_000);
    open();
    expect(await drain).toMatchObject(ended(0, 'still open', 'is out'));
    for (const answer of await Promise.all(requests)) expect(answer.status).toBe(200);
    b!.answer({});
    expect(await pool.pool('undrain', b!.address)).toMatchObject({ code: 0 });
  });

  test('reloads where the API refuses, and says so', async () => {
    const { address } = pool.backends[2]!;
    const loads = await plus.loads();
    await plus.fail({ readOnly: true });
    const drained = await pool.pool('drain', address);
    await plus.fail({});
    expect(drained).toMatchObject(
      ended(0, 'NGINX is reloaded instead: its API answers 405 to PATCH', 'NGINX reloads', 'is out'),
    );
    expect(await plus.loads()).toBe(loads + 1);
    // it came to its place between the others when the one there was removed and added
    expect(await effects(pool)).toEqual(['serving', 'drained', 'serving']);
    expect(await pool.pool('undrain', address)).toMatchObject({ code: 0 });
    expect(await plus.loads()).toBe(loads + 1);
  });

  test('can be told by this machine alone', async () => {
    const port = pool.shop.port + 10_000;
    expect(await request({ port, path: '/api' })).toMatchObject({ status: 200, body: '[1,2,3,4,5,6,7,8,9]' });
    expect(await request({ port, path: '/api', from: '127.0.0.2' })).toMatchObject({ status: 403 });
  });
});
