import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serve } from '../../../support/backends.ts';
import { atEnd } from '../../../support/lifetime.ts';
import { isRunning, newShop, type Shop } from '../../../support/shop.ts';
import { without } from '../../../support/tools.ts';
import { until } from '../../../support/wait.ts';

/** Starts a balancer and kills its master; gives the workers that live on. */
async function orphaned(shop: Shop): Promise<number[]> {
  expect(await shop.run('up')).toMatchObject({ code: 0 });
  const { pid, workers } = await shop.status();
  process.kill(pid, 'SIGKILL');
  await until('the master is gone', () => !isRunning(pid));
  const pids = workers.map((worker) => worker.pid);
  atEnd(() => pids.filter(isRunning).forEach((left) => process.kill(left, 'SIGKILL')));
  return pids;
}

describe.skipIf(without('nginx', 'curl'))('workers whose master was killed', { timeout: 90_000 }, () => {
  test('are told by status and replaced by up', async () => {
    const shop = await newShop();
    const workers = await orphaned(shop);
    const { running, remarks } = await shop.status();
    expect([running, remarks[0]]).toEqual([
      false,
      expect.stringContaining(
        `pid ${workers.toSorted((a, b) => a - b).join(', ')}, of an NGINX whose master`,
      ),
    ]);
    shop.write('two');
    const asked = await shop.run('up');
    expect([asked.code, await shop.answer()]).toEqual([2, 'one']);
    const up = await shop.run('up', '--yes', '--watch', '0');
    expect(up).toMatchObject({ code: 0, stderr: expect.stringContaining('whose master is gone') });
    expect([await shop.answer(), workers.filter(isRunning)]).toEqual(['two', []]);
    expect((await shop.run('plan', '--check')).code).toBe(0);
  });

  test('go on serving where NGINX refuses the release that would come', async () => {
    const shop = await newShop();
    const workers = await orphaned(shop);
    shop.write('two', { keys: 'snippets: { http: "no_such_directive on;" }' });
    const up = await shop.run('up', '--yes', '--watch', '0');
    expect([up.code, up.stderr]).toEqual([3, expect.stringContaining('"no_such_directive"')]);
    expect([await shop.answer(), workers.filter(isRunning)]).toEqual(['one', workers]);
  });

  test('finish the requests that they serve, while the new NGINX runs', async () => {
    const shop = await newShop();
    const waiting: ServerResponse[] = [];
    const { port } = await serve(createServer((_, response) => void waiting.push(response)));
    shop.write('one', { keys: `upstreams: { web: ["127.0.0.1:${port}"] }`, paths: '/long: web' });
    const workers = await orphaned(shop);
    const long = fetch(`http://127.0.0.1:${shop.port}/long`);
    await until('the request has come', () => waiting.length > 0);
    expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(workers.filter(isRunning)).toHaveLength(1);
    for (const response of waiting) response.end();
    expect((await long).status).toBe(200);
    await until('the last worker goes', () => workers.filter(isRunning).length === 0);
  });

  test('are ended by down, and nobody else is', async () => {
    const [shop, other] = [await newShop(), await newShop()];
    const [workers, others] = [await orphaned(shop), await orphaned(other)];
    // bears the name and has the log open, but is no NGINX
    const stranger = spawn('bash', ['-c', 'exec -a "nginx: worker process" sleep 60 2>>"$0"', log(shop)], {
      stdio: 'ignore',
    });
    atEnd(() => void stranger.kill());
    const down = await shop.run('down', '--yes');
    expect(down).toMatchObject({ code: 0, stderr: expect.stringContaining('whose master is gone') });
    expect([workers.filter(isRunning), others.filter(isRunning)]).toEqual([[], others]);
    expect([isRunning(stranger.pid!), existsSync(join(shop.folder, '.lbctl'))]).toEqual([true, false]);
  });

  test('are found though the folder was removed under them', async () => {
    const shop = await newShop();
    const workers = await orphaned(shop);
    rmSync(join(shop.folder, '.lbctl'), { recursive: true });
    expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(workers.filter(isRunning)).toEqual([]);
  });
});

const log = ({ prefix }: Shop) => join(prefix, 'logs/error.log');
