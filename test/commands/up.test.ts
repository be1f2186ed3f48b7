import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freePort } from '../support/ports.ts';
import { newShop, type Shop } from '../support/shop.ts';
import { without } from '../support/tools.ts';

/** Makes the health path fail. */
const ILL = 'snippets: { server: "if ($uri = /healthz) { return 500 ill; }" }';

const up = (shop: Shop, ...args: string[]) => shop.run('up', '--yes', '--watch', '0', ...args);

describe.skipIf(without('nginx', 'curl'))('up', { timeout: 90_000 }, () => {
  test('watches what is served already, and not what nobody uses yet', async () => {
    const shop = await newShop();
    expect((await shop.run('up')).stderr).toContain('the error log is read');
    shop.write('two');
    expect((await shop.run('up', '--yes')).stderr).toContain('the release is watched for 5 s');
    shop.write('three');
    expect((await shop.run('up', '--yes', '--watch', '1s')).stderr).toContain('is watched for 1 s');
    expect(await shop.run('up', '--watch', 'soon')).toMatchObject({ code: 2 });
  });

  test('stands in the list of releases, and tells in JSON what it did', async () => {
    const shop = await newShop();
    const { stdout } = await shop.run('up', '--json', '-m', 'the first');
    const done = JSON.parse(stdout) as { release: string };
    expect(done).toMatchObject({
      name: 'shop',
      provider: 'local',
      changed: true,
      steps: [{ action: 'create', resource: 'release', name: `${done.release} on this machine` }],
      summary: { create: 1, change: 0, replace: 0, delete: 0 },
      nodes: [{ node: 'this machine', outcome: 'kept', before: null, after: done.release }],
    });
    const listed = JSON.parse((await shop.run('releases', '--json')).stdout) as unknown;
    expect(listed).toMatchObject({
      nodes: [
        {
          releases: [
            { id: done.release, action: 'up', outcome: 'kept', message: 'the first', current: true },
          ],
        },
      ],
    });
  });

  test('leaves nothing running where the first release does not serve', async () => {
    const shop = await newShop();
    shop.write('one', { keys: ILL });
    const run = await up(shop);
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('answers 500');
    expect(run.stderr).toContain('NGINX is stopped again');
    expect([await shop.status(), existsSync(join(shop.prefix, 'current'))]).toMatchObject([
      { running: false },
      false,
    ]);
    shop.write('one');
    expect(await up(shop)).toMatchObject({ code: 0 });
    expect(await shop.answer()).toBe('one');
  });

  test('takes back what does not serve, and not one request fails', async () => {
    const shop = await newShop();
    expect(await up(shop)).toMatchObject({ code: 0 });
    const end = new AbortController();
    const asked = (async () => {
      const answers = new Set<string>();
      while (!end.signal.aborted) answers.add(await shop.answer());
      return answers;
    })();
    shop.write('two', { keys: ILL });
    expect(await up(shop)).toMatchObject({ code: 3 });
    shop.write('three', { keys: 'snippets: { http: "no_such_directive on;" }' });
    expect(await up(shop)).toMatchObject({ code: 3 });
    end.abort();
    expect([...(await asked)].filter((body) => body !== 'two')).toEqual(['one']);
    expect(await shop.answer()).toBe('one');
  });

  test('finds an NGINX that serves something else than it should load', async () => {
    const shop = await newShop();
    expect(await up(shop)).toMatchObject({ code: 0 });
    const { serving: one } = await shop.status();
    shop.write('two');
    expect(await up(shop)).toMatchObject({ code: 0 });
    const { serving: two } = await shop.status();
    const current = join(shop.prefix, 'current');
    rmSync(current);
    symlinkSync(`releases/${one}`, current);
    shop.write('one');
    const plan = await shop.run('plan');
    expect(plan.stdout).toContain(`release ${one} is in place, and release ${two} answers`);
    const unasked = await shop.run('deploy');
    expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining(`release ${two} answers`)]);
    expect((await shop.run('up')).code).toBe(2);
    expect(await up(shop)).toMatchObject({ code: 0 });
    expect(await shop.answer()).toBe('one');
    expect(await shop.run('plan', '--check')).toMatchObject({ code: 0 });
  });

  test('tells which sockets open and close, as deploy and rollback do', async () => {
    const shop = await newShop();
    const second = await freePort();
    const plan = await shop.run('plan');
    expect(plan.stdout).toContain(`NGINX is started\n        http: 0.0.0.0:${shop.port}\n`);
    expect(await up(shop)).toMatchObject({ code: 0 });
    shop.write('two', { listener: `}, more: { port: ${second}` });
    expect((await shop.run('plan')).stdout).toContain(`\n        more: 0.0.0.0:${second}\n`);
    expect(await up(shop)).toMatchObject({ code: 0 });
    shop.write('three');
    const gone = `! nobody listens any longer on 0.0.0.0:${second}\n`;
    for (const [command, ...args] of [['plan'], ['up'], ['deploy'], ['rollback']] as const) {
      const { stdout, stderr } = await shop.run(command, ...args);
      expect({ command, text: stdout + stderr }).toMatchObject({
        command,
        text: expect.stringContaining(gone) as string,
      });
    }
  });

  test('starts NGINX with the release that is in place', async () => {
    const shop = await newShop();
    expect(await up(shop)).toMatchObject({ code: 0 });
    const { serving } = await shop.status();
    process.kill(Number(readFileSync(join(shop.prefix, 'run/nginx.pid'), 'utf8')), 'SIGTERM');
    await expect.poll(async () => (await shop.status()).running).toBe(false);
    expect((await shop.run('plan')).stdout).toContain(`started with release ${serving}`);
    expect(await shop.run('up')).toMatchObject({ code: 0 });
    expect(await shop.answer()).toBe('one');
  });
});
