import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { newShop, type Shop } from '../support/shop.ts';
import { without } from '../support/tools.ts';

interface Listed {
  readonly id: string;
  readonly current: boolean;
  readonly action: string | null;
  readonly outcome: string | null;
  readonly message: string | null;
  readonly author: string | null;
}

/** Makes the health path fail. */
const ILL = 'snippets: { server: "if ($uri = /healthz) { return 500 ill; }" }';

async function releasesOf(shop: Shop): Promise<Listed[]> {
  const { stdout } = await shop.run('releases', '--json');
  return (JSON.parse(stdout) as { nodes: { releases: Listed[] }[] }).nodes[0]!.releases;
}

async function startedShop(): Promise<Shop> {
  const shop = await newShop();
  shop.write('one');
  expect(await shop.run('up')).toMatchObject({ code: 0 });
  return shop;
}

const deploy = (shop: Shop, ...args: string[]) => shop.run('deploy', '--yes', '--watch', '0', ...args);

describe.skipIf(without('nginx', 'curl'))('deploy', () => {
  test('brings a release, keeps it and tells who did it and why', async () => {
    const shop = await startedShop();
    shop.write('two');
    expect(await deploy(shop, '-m', 'it\'s "two"; $(touch x)\nreally')).toMatchObject({ code: 0 });
    expect(await shop.answer()).toBe('two');
    const [first, second, ...more] = await releasesOf(shop);
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      current: true,
      action: 'deploy',
      outcome: 'kept',
      message: 'it\'s "two"; $(touch x)\nreally',
      author: expect.stringMatching(/^.+@.+$/u) as string,
    });
    expect(second).toMatchObject({ current: false, action: 'up', outcome: 'kept' });
    expect((await shop.status()).serving).toBe(first!.id);
    expect(await deploy(shop)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no changes') as string,
    });
  });

  test('refuses what NGINX refuses, and changes nothing', async () => {
    const shop = await startedShop();
    shop.write('two', {
      keys: 'snippets: { http: "open_file_cache_errors on; ssl_certificate /nowhere.pem; ssl_certificate_key /nowhere.key; server { listen 127.0.0.1:1 ssl; }" }',
    });
    const run = await deploy(shop);
    expect(run).toMatchObject({ code: 3, stderr: expect.stringContaining('nothing was changed') as string });
    expect(run.stderr).toContain('/nowhere.pem');
    expect(await shop.answer()).toBe('one');
  });

  test('takes back a release whose port is taken', async () => {
    const shop = await startedShop();
    const other = await startedShop();
    shop.write('two', { keys: `snippets: { http: "server { listen 0.0.0.0:${other.port}; }" }` });
    const run = await deploy(shop);
    expect(run).toMatchObject({ code: 3, stderr: expect.stringContaining('serves again') as string });
    expect(run.stderr).toContain('Address already in use');
    expect(await shop.answer()).toBe('one');
    expect((await releasesOf(shop)).map(({ outcome, current }) => [outcome, current])).toContainEqual([
      'undone',
      false,
    ]);
  });

  test('takes back a release whose health path fails', async () => {
    const shop = await startedShop();
    shop.write('two', { keys: ILL });
    const run = await deploy(shop);
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/\/healthz answers 500, not 200: ill/u);
    expect(await shop.answer()).toBe('one');
  });

  test('takes back a release none of whose servers answers', async () => {
    const shop = await startedShop();
    shop.write('two', { keys: 'upstreams: { web: { servers: ["127.0.0.1:1"] } }', paths: '/web: web' });
    const run = await deploy(shop);
    expect(run).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no server of upstream web takes a connection') as string,
    });
    expect(run.stderr).toContain('| 127.0.0.1:1 takes no connection');
    expect(await shop.answer()).toBe('one');
  });

  test('tells in JSON what became of the node', async () => {
    const shop = await startedShop();
    const { serving: before } = await shop.status();
    shop.write('two');
    const good = JSON.parse((await deploy(shop, '--json')).stdout) as { release: string };
    const { release } = good;
    const node = 'this machine';
    expect(good).toMatchObject({ changed: true, nodes: [{ node, outcome: 'kept', before, after: release }] });
    expect(JSON.parse((await deploy(shop, '--json')).stdout)).toMatchObject({
      changed: false,
      release,
      nodes: [{ node, outcome: 'current', before: release, after: release }],
    });
    shop.write('three', { keys: ILL });
    const bad = await deploy(shop, '--json');
    expect(bad.code).toBe(3);
    expect(JSON.parse(bad.stdout)).toMatchObject({
      changed: false,
      nodes: [
        {
          node,
          outcome: 'undone',
          before: release,
          after: release,
          evidence: expect.arrayContaining([expect.stringContaining('answers 500')]) as string[],
        },
      ],
      error: { code: 'taken-back' },
    });
  });

  test('Ctrl-C lets the node come to its end', async () => {
    const shop = await startedShop();
    shop.write('two');
    const run = await lbctl(['deploy', '--yes', '--watch', '2s', '--json'], {
      cwd: shop.folder,
      watch: (child) => {
        let text = '';
        child.stderr!.on('data', (more: Buffer) => {
          const [before, after] = [text, (text += more.toString())];
          if (!before.includes('is watched') && after.includes('is watched')) child.kill('SIGINT');
        });
      },
    });
    expect(run).toMatchObject({ code: 130, signal: null });
    const { release, nodes } = JSON.parse(run.stdout) as { release: string; nodes: unknown[] };
    expect(nodes).toMatchObject([{ outcome: 'kept', after: release }]);
    expect(run.stderr).toContain(`stopped; this machine serves ${release}`);
    expect((await releasesOf(shop))[0]).toMatchObject({ id: release, outcome: 'kept', current: true });
    expect(await shop.answer()).toBe('two');
  });

  test('asks first, and says how to answer where nobody can', async () => {
    const shop = await startedShop();
    shop.write('two');
    expect(await shop.run('deploy')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--yes') as string,
    });
    expect(await shop.answer()).toBe('one');
  });

  test('needs an NGINX that runs', async () => {
    const shop = await startedShop();
    process.kill(Number(readFileSync(join(shop.prefix, 'run/nginx.pid'), 'utf8')), 'SIGTERM');
    await expect.poll(async () => (await shop.status()).running).toBe(false);
    shop.write('two');
    expect(await deploy(shop)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('lbctl up') as string,
    });
  });

  test.each([
    [['--watch', 'soon'], '--watch takes a time, not soon'],
    [['--lock-wait', '1d'], '--lock-wait takes a time, not 1d'],
    [['--batch', '0'], '--batch takes a number of nodes or a share of them, not 0'],
    [['--max-errors', 'few'], '--max-errors takes a number of nodes or a share of them, not few'],
    [['--pause', 'long'], '--pause takes a time, not long'],
  ])('%s is refused', async (args, says) => {
    const shop = await newShop();
    shop.write('one');
    expect(await shop.run('deploy', ...args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(says) as string,
    });
  });
});

describe.skipIf(without('nginx', 'curl'))('rollback', () => {
  test('goes back to what served before, or to a release by its name', async () => {
    const shop = await startedShop();
    const [one] = await releasesOf(shop);
    for (const body of ['two', 'three']) {
      shop.write(body);
      expect(await deploy(shop)).toMatchObject({ code: 0 });
    }
    const back = (...args: string[]) => shop.run('rollback', '--yes', '--watch', '0', ...args);
    expect(await back()).toMatchObject({ code: 0 });
    expect(await shop.answer()).toBe('two');
    expect(await back(one!.id.slice(0, 6))).toMatchObject({ code: 0 });
    expect(await shop.answer()).toBe('one');
    expect((await releasesOf(shop))[0]).toMatchObject({ id: one!.id, action: 'rollback', current: true });
    expect(await back('zzz')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no release zzz') as string,
    });
    // as a script names it whose variable is not set
    expect(await back('')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the name of the release is empty') as string,
    });
  });

  test('is told where there is nothing to go back to', async () => {
    const shop = await startedShop();
    expect(await shop.run('rollback', '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no release to go back to') as string,
    });
  });
});

describe.skipIf(without('nginx', 'curl'))('diff', () => {
  test('shows what lb.yaml would change in a release, and what two releases differ in', async () => {
    const shop = await startedShop();
    shop.write('two');
    const [one] = await releasesOf(shop);
    const { stdout } = await shop.run('diff', one!.id);
    expect(await shop.run('diff')).toMatchObject({ code: 0, stdout });
    expect((await shop.run('plan')).stderr).toContain('lbctl diff shows the lines\n');
    expect(stdout).toContain('--- a/sites/any-host.conf');
    expect(stdout).toMatch(/^-.*return 200 one;$/mu);
    expect(stdout).toMatch(/^\+.*return 200 two;$/mu);
    await deploy(shop);
    const [two] = await releasesOf(shop);
    expect((await shop.run('diff', one!.id, two!.id)).stdout).toBe(stdout);
    expect(await shop.run('diff', two!.id)).toMatchObject({ code: 0, stdout: '' });
    expect((await shop.run('plan')).stderr).not.toContain('lbctl diff');
  });

  test('says where there is nothing to compare with', async () => {
    const shop = await newShop();
    expect(await shop.run('diff')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no release yet') as string,
    });
  });

  test('does not show secrets', async () => {
    const shop = await newShop();
    writeFileSync(join(shop.folder, 'users'), 'ann:{PLAIN}before\n');
    const secured = { paths: '/in: { respond: { body: in }, auth: { basic: { users_file: users } } }' };
    shop.write('one', secured);
    expect(await shop.run('up')).toMatchObject({ code: 0 });
    writeFileSync(join(shop.folder, 'users'), 'ann:{PLAIN}after\n');
    const [one] = await releasesOf(shop);
    const { stdout } = await shop.run('diff', one!.id);
    expect(stdout).toContain('auth/users: differs, and is not shown');
    expect(stdout).not.toMatch(/before|after/u);
  });
});

describe.skipIf(without('nginx', 'curl'))('requests', () => {
  test('are all answered while releases come, go and are taken back', async () => {
    const shop = await startedShop();
    const end = new AbortController();
    const asked = (async () => {
      const answers: string[] = [];
      while (!end.signal.aborted) answers.push(await shop.answer());
      return answers;
    })();
    for (const body of ['two', 'three']) {
      shop.write(body);
      expect(await deploy(shop, '--watch', '1s')).toMatchObject({ code: 0 });
    }
    shop.write('four', { keys: ILL });
    expect(await deploy(shop)).toMatchObject({ code: 3 });
    end.abort();
    const answers = await asked;
    expect(new Set(answers)).toEqual(new Set(['one', 'two', 'three', 'four']));
    expect(answers.at(-1)).toBe('three');
  });
});
