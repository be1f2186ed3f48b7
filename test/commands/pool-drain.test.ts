import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serve } from '../support/backends.ts';
import { request } from '../support/client.ts';
import { atEnd } from '../support/lifetime.ts';
import { effects, ended, listOf, startPool } from '../support/pool.ts';
import { newShop } from '../support/shop.ts';
import { findProgram, without } from '../support/tools.ts';
import { until } from '../support/wait.ts';

describe.skipIf(without('nginx', 'curl'))('pool drain', () => {
  test('lets an open request finish, sends no new ones, and ends when it is out', async () => {
    const started = await startPool();
    const { backends, pool, shop } = started;
    const [a, b] = [backends[0]!, backends[1]!];
    b.answer({ delay: 4000, body: 'slow' });
    const slow = [1, 2, 3].map(() => request({ port: shop.port }));
    await until('b is asked', () => b.received.length > 0);
    const drained = pool('drain', b.address);
    await until('it is drained', async () => (await effects(started))[1] === 'drained', 25_000);
    const before = b.received.length;
    expect(await started.reached()).toEqual([a.name]);
    expect(b.received.length).toBe(before);
    expect(await drained).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`${b.address} is out`) as string,
    });
    const bodies = (await Promise.all(slow)).map(({ body }) => body);
    expect(bodies).toContain('slow');
    const [web, api] = await listOf(started);
    for (const upstream of [web!, api!])
      expect(upstream.servers).toMatchObject([
        { address: a.address, effective: 'serving', state: 'up', configured: { weight: 1, down: false } },
        { address: b.address, effective: 'drained', state: 'up', configured: { weight: 1, down: false } },
      ]);
  }, 40_000);

  test('ends with 3 when connections are still open, and stays drained', async () => {
    const started = await startPool();
    const { backends, pool, shop } = started;
    const b = backends[1]!;
    b.answer({ delay: 9000 });
    const asked = [request({ port: shop.port }), request({ port: shop.port }), request({ port: shop.port })];
    await until('b is asked', () => b.received.length > 0);
    const open = b.received.length;
    const run = await pool('drain', b.address, '--timeout', '1', '--json');
    expect(run).toMatchObject(ended(3, `${open} connection`, 'after 1 s', 'pool undrain'));
    expect(JSON.parse(run.stdout)).toMatchObject({
      error: { code: 'still-open' },
      open,
      drained: [{ upstream: 'web' }, { upstream: 'api' }],
    });
    expect(await effects(started)).toEqual(['serving', 'drained']);
    await Promise.all(asked);
    // once more: nothing to change, and nothing left to wait for
    const again = await pool('drain', b.address);
    expect(again).toMatchObject(ended(0, 'no changes', 'is out'));
  }, 40_000);

  test('holds over deploy, up and rollback until it is lifted', async () => {
    const started = await startPool();
    const { backends, pool, shop, write } = started;
    const [a, b] = [backends[0]!, backends[1]!];
    expect(await pool('drain', b.address)).toMatchObject({ code: 0 });
    const plan = await shop.run('plan', '--json', '--check');
    expect(plan.code).toBe(0);
    expect(JSON.parse(plan.stdout)).toMatchObject({
      drained: [
        { upstream: 'web', address: b.address },
        { upstream: 'api', address: b.address },
      ],
    });
    expect((await shop.status()).remarks).toEqual([expect.stringContaining(`drained: ${b.address} of web`)]);

    const servers = [a.address, b.address];
    write(servers, 'health: { path: /alive }\n');
    expect(await shop.run('deploy', '--yes', '--watch', '0')).toMatchObject(ended(0, 'drained:'));
    expect(await started.reached()).toEqual(['a']);
    write(servers, 'health: { path: /well }\n');
    expect(await shop.run('up', '--yes')).toMatchObject({ code: 0 });
    expect(await started.reached()).toEqual(['a']);
    // the first release was there before the drain
    const { stdout } = await shop.run('releases', '--json');
    const { releases } = (JSON.parse(stdout) as { nodes: { releases: { id: string }[] }[] }).nodes[0]!;
    const first = releases.at(-1)!;
    expect(await shop.run('rollback', first.id, '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(await started.reached()).toEqual(['a']);
    expect((await request({ port: shop.port, path: '/healthz' })).status).toBe(200);

    expect(await pool('undrain', b.address)).toMatchObject({ code: 0 });
    expect(await started.reached()).toEqual(['a', 'b']);
    expect(await shop.run('rollback', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(await effects(started)).toEqual(['serving', 'serving']);
    expect((await shop.status()).remarks.join('\n')).not.toContain('drained');
  }, 60_000);

  test('is passed over by rollback', async () => {
    const started = await startPool();
    const { backends, pool, shop, write } = started;
    const servers = backends.map(({ address }) => address);
    expect(await pool('drain', servers[1]!)).toMatchObject({ code: 0 });
    expect(await shop.run('rollback', '--yes')).toMatchObject(ended(2, 'no release to go back to'));
    write(servers, 'health: { path: /alive }\n');
    expect(await shop.run('deploy', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(await pool('undrain', servers[1]!)).toMatchObject({ code: 0 });
    expect(await pool('drain', servers[0]!)).toMatchObject({ code: 0 });
    expect(await shop.run('rollback', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect((await request({ port: shop.port, path: '/healthz' })).status).toBe(200);
    expect(await effects(started)).toEqual(['drained', 'serving']);
  }, 40_000);

  test('takes one upstream alone, and a name without its port', async () => {
    const started = await startPool();
    const { backends, pool } = started;
    const [a, b] = backends.map(({ address }) => address);
    expect(await pool('drain', b!, '--upstream', 'web')).toMatchObject({ code: 0 });
    const [web, api] = await listOf(started);
    expect(web!.servers[1]).toMatchObject({ effective: 'drained' });
    expect(api!.servers[1]).toMatchObject({ effective: 'serving' });
    expect(await pool('undrain', '127.0.0.1', '--upstream', 'api')).toMatchObject(ended(2, 'may be'));
    expect(await pool('undrain', a!)).toMatchObject(ended(2, `${a} is not drained`, `web/${b}`));
    expect(await pool('undrain', '127.0.0.1')).toMatchObject({ code: 0 });
    expect(await effects(started)).toEqual(['serving', 'serving']);
  }, 40_000);

  test('refuses the last server, and what is not there', async () => {
    const started = await startPool();
    const { backends, pool, shop, write } = started;
    const [a, b] = backends.map(({ address }) => address);
    expect(await pool('drain', a!)).toMatchObject({ code: 0 });
    expect(await pool('drain', b!)).toMatchObject(ended(3, 'last server', 'pool add web'));
    // nor may lb.yaml take away the others
    write([a!]);
    expect(await shop.run('deploy', '--yes')).toMatchObject(ended(3, 'upstream web', 'pool undrain'));
    expect(await shop.run('plan')).toMatchObject(ended(3, 'pool undrain'));
    // one that is gone from lb.yaml is forgotten, and has to do with no other of its name
    write([b!]);
    expect(await shop.run('deploy', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(readFileSync(join(shop.prefix, 'drained'), 'utf8')).toBe(`api/${a}\n`);
    expect(await pool('add', 'web', a!)).toMatchObject({ code: 0 });
    expect(await started.reached()).toEqual(['a', 'b']);

    const wrong = `${a!.slice(0, -1)}x`;
    expect(await pool('drain', wrong)).toMatchObject(ended(2, `did you mean ${a}?`));
    expect(await pool('drain', '127.0.0.1')).toMatchObject(ended(2, 'may be', 'with its port'));
    expect(await pool('drain', a!, '--upstream', 'wep')).toMatchObject(ended(2, 'did you mean web?'));
    expect(await pool('drain', a!, '--timeout', 'soon')).toMatchObject(ended(2, '--timeout takes a time'));
    expect(await pool('undrain', b!)).toMatchObject(ended(2, `${b} is not drained`, 'these are: api/'));
    expect(await pool('list', 'wep')).toMatchObject(ended(2, 'did you mean web?'));
    expect(await shop.run('pool', 'drain', a!)).toMatchObject(ended(2, '--yes'));
  }, 40_000);

  test('needs an NGINX that runs', async () => {
    const { pool, shop, backends } = await startPool();
    process.kill((await shop.status()).pid, 'SIGTERM');
    await expect.poll(async () => (await shop.status()).running, { timeout: 5000 }).toBe(false);
    expect(await pool('drain', backends[0]!.address)).toMatchObject(ended(3, 'lbctl up'));
  });
});

describe.skipIf(without('nginx', 'curl', 'stream'))('pool drain of a stream', () => {
  test('leaves open connections to their clients, and new ones to others', async () => {
    const shop = await newShop();
    const servers = await Promise.all(
      ['a', 'b'].map((name) => serve(createServer((socket) => socket.write(name)))),
    );
    const [a, b] = servers.map(({ port }) => `127.0.0.1:${port}`);
    writeFileSync(
      join(shop.folder, 'lb.yaml'),
      `name: shop\nlisteners: { db: { port: ${shop.port}, protocol: tcp, upstream: db } }\nupstreams: { db: { servers: [${a}, ${b}], balance: { hash: $remote_port } } }\n`,
    );
    expect(await shop.run('up')).toMatchObject({ code: 0 });
    const open = async (): Promise<[Socket, string]> => {
      const socket = connect(shop.port, '127.0.0.1');
      atEnd(() => void socket.destroy());
      return [socket, await new Promise((resolve) => socket.once('data', (data) => resolve(String(data))))];
    };
    let [first, name] = await open();
    while (name !== 'b') {
      first.destroy();
      [first, name] = await open();
    }
    const drain = (...args: string[]) => shop.run('pool', 'drain', b!, '--yes', '--watch', '0', ...args);
    expect(await drain('--timeout', '1')).toMatchObject(ended(3, `1 connection to ${b} is still open`));
    expect(first.readyState).toBe('open');
    for (let index = 0; index < 8; index++) {
      const [socket, name] = await open();
      expect(name).toBe('a');
      socket.destroy();
    }
    const waiting = drain('--timeout', '1m');
    first.destroy();
    expect(await waiting).toMatchObject(ended(0, `${b} is out`));
  }, 40_000);
});

describe.skipIf(without('nginx', 'curl', 'wrk'))('pool drain under load', () => {
  test('10 drains and undrains fail no request', async () => {
    const { backends, pool, shop } = await startPool(['a', 'b', 'c']);
    const wrk = spawn(
      findProgram('wrk')!,
      ['-t1', '-c2', '-d100', '-H', 'Connection: close', `http://127.0.0.1:${shop.port}/`],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let said = '';
    wrk.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    const over = new Promise((resolve) => wrk.once('close', resolve));
    try {
      for (let index = 0; index < 10; index++) {
        const { address } = backends[index % 3]!;
        expect(await pool('drain', address)).toMatchObject({ code: 0 });
        expect(await pool('undrain', address)).toMatchObject({ code: 0 });
      }
    } finally {
      wrk.kill('SIGINT');
      await over;
    }
    expect(said).toMatch(/[1-9]\d* requests in/u);
    expect(said).not.toMatch(/Socket errors|Non-2xx/u);
  }, 120_000);
});
