import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { request } from '../support/client.ts';
import { ended, listOf, startPool } from '../support/pool.ts';
import { newShop } from '../support/shop.ts';
import { without } from '../support/tools.ts';
import { until } from '../support/wait.ts';

describe.skipIf(without('nginx', 'curl'))('pool add and remove', () => {
  test.concurrent('write lb.yaml, deploy it, and leave it as it was in the end', async () => {
    const started = await startPool(['a', 'b', 'c']);
    const { backends, pool, shop, write, yaml } = started;
    const [a, b, c] = backends.map(({ address }) => address);
    write([`${a} # the first`, `"${b}" # the second`]);
    expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    const before = yaml();
    const added = await pool('add', 'web', c!, '-m', 'more of them');
    expect(added).toMatchObject(ended(0, `+    - "${c}"`, '1 to change'));
    expect(added.stderr).not.toContain('other changes');
    expect(yaml()).toBe(before.replace('# the second\n', `# the second\n    - "${c}"\n`));
    expect(await started.reached()).toEqual(['a', 'b', 'c']);
    expect(await pool('remove', 'web', c!, '--json')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`"address": "${c}"`) as string,
    });
    expect(yaml()).toBe(before);
    expect(await started.reached()).toEqual(['a', 'b']);
    const { stdout } = await shop.run('releases');
    expect(stdout).toMatch(/add kept .*more of them/u);
    expect(stdout).toMatch(new RegExp(`remove kept .*${c} of web`, 'u'));
  });

  test.concurrent('take options, and tell of what else comes along', async () => {
    const started = await startPool();
    const { pool, yaml, backends, write } = started;
    const port = backends[0]!.port;
    write(
      backends.map(({ address }) => address),
      'health: { path: /alive }\n',
    );
    const options = ['--weight', '3', '--max-conns', '50', '--backup'];
    expect(await pool('add', 'web', `localhost:${port}`, ...options)).toMatchObject(
      ended(0, 'other changes, not deployed yet'),
    );
    expect(yaml()).toContain(
      `\n    - { address: localhost:${port}, weight: 3, max_conns: 50, backup: true }\n`,
    );
    expect((await listOf(started, 'web'))[0]!.servers[2]).toMatchObject({
      configured: { weight: 3, max_conns: 50, backup: true, down: false },
      effective: 'serving',
    });
    expect(await pool('add', 'web', '127.0.0.1:1')).toMatchObject(
      ended(0, '127.0.0.1:1 refuses connections'),
    );
    expect(await pool('add', 'web', '127.9.9.9')).toMatchObject(
      ended(0, '! 127.9.9.9 gets port 80, as none is named: 127.9.9.9:PORT has another'),
    );
    expect(yaml()).toMatch(/127\.9\.9\.9(?!:)/u);
  });

  test.concurrent('put lb.yaml back where the deploy fails', async () => {
    const { pool, yaml, shop } = await startPool();
    const file = join(shop.folder, 'lb.yaml');
    const before = [yaml(), statSync(file).mode];
    const run = await pool('add', 'web', 'nowhere.invalid:80');
    expect(run).toMatchObject(ended(3, 'lb.yaml is as it was', 'nothing was changed', 'host not found'));
    expect([yaml(), statSync(file).mode]).toEqual(before);
    // while somebody else is at work on the node, who is waited for
    const lock = join(shop.prefix, 'lock');
    mkdirSync(lock);
    writeFileSync(join(lock, `${process.pid}.${startOf(process.pid)}`), 'ann\tdeploy\t0\n');
    expect(await pool('add', 'web', '127.0.0.1:1')).toMatchObject(ended(3, 'as it was', 'ann is at work'));
    rmSync(lock, { recursive: true });
    expect(yaml()).toBe(before[0]);
  });

  test.concurrent('tell of open connections, and refuse the last server', async () => {
    const { pool, backends, shop, write } = await startPool();
    const [a, b] = backends;
    b!.answer({ delay: 3000 });
    const asked = [request({ port: shop.port }), request({ port: shop.port }), request({ port: shop.port })];
    await until('b is asked', () => b!.received.length > 0);
    expect(await pool('remove', 'web', b!.address)).toMatchObject(
      ended(0, 'open: lbctl pool drain', 'stays'),
    );
    for (const { status } of await Promise.all(asked)) expect(status).toBe(200);
    expect(await pool('remove', 'web', a!.address)).toMatchObject(ended(3, 'last server', 'pool add web'));
    // the only one that is not drained
    write([a!.address, b!.address]);
    expect(await pool('add', 'web', '127.0.0.1:1')).toMatchObject({ code: 0 });
    expect(await pool('remove', 'web', '127.0.0.1:1')).toMatchObject({ code: 0 });
    expect(await pool('drain', a!.address, '--upstream', 'web')).toMatchObject({ code: 0 });
    expect(await pool('remove', 'web', b!.address)).toMatchObject(ended(3, 'pool undrain'));
  });

  test.each([
    [['add', 'wep', '10.0.0.1:80'], 'did you mean web?'],
    [['add', 'web', '10.0.0.1:80; return 200'], 'must be an address'],
    [['add', 'web', '10.0.0.1:80 }, { address: 10.0.0.2'], 'must be an address'],
    [['add', 'web', '10.0.0.1:80\n    - 10.0.0.2:80'], 'must be an address'],
    [['add', 'web', '"10.0.0.1"'], 'must be an address'],
    [['add', 'web', '$(touch x)'], 'must be an address'],
    [['add', 'web', ''], 'must be an address'],
    [['add', '__proto__', '10.0.0.1:80'], 'no upstream "__proto__"'],
    [['add', 'we\nb', '10.0.0.1:80'], 'did you mean web?'],
    [['add', 'web', '10.0.0.1:80', '--weight', '0'], '--weight: 0 must be a whole number'],
    [['add', 'web', '10.0.0.1:80', '--weight', '1 down'], '--weight: weight must be a whole number'],
    [['add', 'web', '10.0.0.1:80', '--max-conns', '-1'], '--max-conns: max_conns must be a whole number'],
    [['remove', 'web', '10.0.0.1; x'], 'no server "10.0.0.1; x"'],
    [['remove', 'web', '\u001b[2J'], 'no server'],
    [['drain', "'\n`"], 'no upstream has server'],
  ])('%j is refused', async (args, says) => {
    const shop = await newShop();
    const text = `name: shop\nlisteners: { http: { port: ${shop.port} } }\nupstreams: { web: [a:1, b:1] }\nroutes: [{ paths: { /: web } }]\n`;
    const file = join(shop.folder, 'lb.yaml');
    writeFileSync(file, text);
    const run = await shop.run('pool', ...args, '--yes');
    expect(run).toMatchObject(ended(2, says));
    // oxlint-disable-next-line no-control-regex
    expect(run.stderr).not.toMatch(/\u001b/u);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});

/** When a process began, as locks name it. */
function startOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /su, '')
    .split(' ')[19]!;
}

describe.skipIf(without('nginx', 'curl'))('pool list', () => {
  test('tells of failures, of open connections, and of what nodes have that lb.yaml does not', async () => {
    const started = await startPool();
    const { backends, shop, write } = started;
    const [a, b] = [backends[0]!, backends[1]!];
    await a.kill();
    await started.reached();
    write([b.address, '127.0.0.1:1']);
    const [web] = await listOf(started);
    expect(web!.servers).toMatchObject([
      { address: b.address, effective: 'serving', state: 'up', failures: 0, lastFailure: null },
      { address: '127.0.0.1:1', effective: 'absent', state: 'down' },
      { address: a.address, configured: null, effective: 'serving', state: 'down' },
    ]);
    expect(web!.servers[2]!.failures).toBeGreaterThan(0);
    expect(await started.pool('undrain', b.address)).toMatchObject(
      ended(2, `${b.address} is not drained`, 'no server is drained: lbctl pool list'),
    );
    expect(web!.servers[2]!.lastFailure).toContain('Connection refused');
    // kept open between requests
    expect(web!.servers[0]!.connections).toBeGreaterThan(0);
    const { stdout } = await shop.run('pool', 'list', 'web');
    expect(stdout).toMatch(new RegExp(`${b.address} +weight 1 +serving +up: connects`, 'u'));
    expect(stdout).not.toContain('upstream api');
  });

  test('tells first that nothing runs', async () => {
    const shop = await newShop();
    expect((await shop.run('pool', 'list')).stderr).toBe('! shop does not run: lbctl up starts it\n');
  });
});
