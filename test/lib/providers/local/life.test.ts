import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { startHttp } from '../../../support/backends.ts';
import { lbctl, PROGRAM } from '../../../support/cli.ts';
import { request } from '../../../support/client.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { freePort } from '../../../support/ports.ts';
import { endNginx } from '../../../support/processes.ts';
import { findNginx, without } from '../../../support/tools.ts';

interface Status {
  readonly running: boolean;
  readonly pid: number;
  readonly serving: string;
  readonly described: string;
  readonly workers: readonly { pid: number }[];
  readonly upstreams: readonly {
    name: string;
    servers: readonly { address: string; state: string; detail: string }[];
  }[];
  readonly remarks: readonly string[];
}

describe.skipIf(without('nginx', 'curl', 'stream'))('a balancer on this machine', { timeout: 90_000 }, () => {
  let folder: string;
  let port: number;

  const write = (answer: string, more = '') =>
    writeFileSync(
      join(folder, 'lb.yaml'),
      `name: shop\nlisteners: { http: { port: ${port} } }\n${more}routes:\n  - paths: { /: { respond: { body: "${answer}" } } }\n`,
    );
  const run = (...args: string[]) => lbctl(args, { cwd: folder });
  const answer = async () => (await request({ port })).body;
  const status = async () => JSON.parse((await run('status', '--json')).stdout) as Status;
  const prefix = () => join(folder, '.lbctl/shop');
  const masters = () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/u.test(name))
      .filter(
        (pid) =>
          existsSync(`/proc/${pid}/cmdline`) &&
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`-p ${prefix()}/`),
      );

  beforeEach(async () => {
    folder = await temporaryFolder();
    port = await freePort();
    write('one');
    const mine = prefix();
    return () => endNginx(mine);
  });

  test('goes up, changes nothing the second time, takes a change, and leaves nothing', async () => {
    const plan = await run('plan', '--check');
    expect([plan.code, plan.stdout]).toEqual([
      1,
      expect.stringContaining('Plan: 1 to create, 0 to change, 0 to delete.'),
    ]);
    expect(existsSync(join(folder, '.lbctl'))).toBe(false);

    const first = await run('up', '--json');
    expect([first.code, JSON.parse(first.stdout)]).toMatchObject([
      0,
      { schemaVersion: 1, changed: true, summary: { create: 1 } },
    ]);
    expect(await answer()).toBe('one');

    const before = await status();
    const second = await run('up', '--json');
    expect(JSON.parse(second.stdout)).toMatchObject({ changed: false, steps: [] });
    expect(second.stderr).toContain('no changes');
    expect(await status()).toMatchObject({ pid: before.pid, workers: before.workers });

    write('two');
    expect((await status()).remarks).toContain('lb.yaml has changed since: lbctl up brings it into effect');
    const unanswered = await run('up');
    expect([unanswered.code, unanswered.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    expect(await answer()).toBe('one');
    expect((await run('up', '--yes', '--watch', '0')).code).toBe(0);
    await expect.poll(answer).toBe('two');
    expect((await status()).pid).toBe(before.pid);

    expect((await run('down', '--yes')).code).toBe(0);
    expect([existsSync(join(folder, '.lbctl')), masters()]).toEqual([false, []]);
    const again = await run('down', '--yes');
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('nothing is there')]);
  });

  test('shows in status what each server of an upstream answers', async () => {
    const backend = await startHttp('web');
    const gone = await freePort();
    write(
      'x',
      `upstreams: { web: { servers: ["${backend.address}", "127.0.0.1:${gone}"], health: { path: /h } } }\n`,
    );
    await run('up', '--yes', '--watch', '0');
    const { upstreams, running } = await status();
    expect(running).toBe(true);
    expect(upstreams[0]!.servers).toMatchObject([
      { address: backend.address, state: 'up', detail: '/h answers 200' },
      { address: `127.0.0.1:${gone}`, state: 'down', detail: 'refuses connections' },
    ]);
    expect((await run('status')).stdout).toMatch(/shop \(local\) runs, pid \d+/u);
  });

  test('two balancers stand side by side', async () => {
    expect(await run('up')).toMatchObject({ code: 0 });
    const other = await temporaryFolder();
    const otherPort = await freePort();
    writeFileSync(
      join(other, 'lb.yaml'),
      `name: shop\nlisteners: { http: { port: ${otherPort} } }\nroutes: [{ paths: { /: { respond: { body: other } } } }]\n`,
    );
    expect(await lbctl(['up'], { cwd: other })).toMatchObject({ code: 0 });
    expect([await answer(), (await request({ port: otherPort })).body]).toEqual(['one', 'other']);
    expect((await lbctl(['down', '--yes'], { cwd: other })).code).toBe(0);
    expect(await answer()).toBe('one');
  });

  test('a port that is taken is told with its holder, and nothing changes', async () => {
    const holder = await listen(port);
    const up = await run('up');
    expect([up.code, up.stderr]).toEqual([
      3,
      expect.stringMatching(/tcp port \d+ of listener http is taken by pid \d+/u),
    ]);
    expect(masters()).toEqual([]);
    expect(holder.listening).toBe(true);
    holder.close();
    expect((await run('up')).code).toBe(0);

    const second = await freePort();
    const taken = await listen(second);
    writeFileSync(
      join(folder, 'lb.yaml'),
      readFileSync(join(folder, 'lb.yaml'), 'utf8').replace('} }\n', `}, more: { port: ${second} } }\n`),
    );
    expect((await run('up', '--yes', '--watch', '0')).code).toBe(3);
    expect(await answer()).toBe('one');
    taken.close();
    expect((await run('up', '--yes', '--watch', '0')).code).toBe(0);
    expect((await request({ port: second })).body).toBe('one');
  });

  test('on a terminal too the program ends when a step fails', async () => {
    const holder = await listen(port);
    const terminal = spawnSync(
      'script',
      ['-qec', `stty cols 80; ${process.execPath} ${PROGRAM} up`, '/dev/null'],
      {
        cwd: folder,
        encoding: 'utf8',
        timeout: 60_000,
        env: { ...process.env, TERM: 'xterm' },
      },
    );
    holder.close();
    expect(terminal.stdout).toContain('is taken by');
    expect(terminal.status).toBe(3);
  });

  test('what NGINX refuses is not brought into effect', async () => {
    await run('up');
    write('two', 'snippets: { http: "no_such_directive on;" }\n');
    const up = await run('up', '--yes', '--watch', '0');
    expect([up.code, up.stderr]).toEqual([
      3,
      expect.stringContaining('unknown directive "no_such_directive"'),
    ]);
    expect(await answer()).toBe('one');
    const { serving, described } = await status();
    expect(serving).not.toBe(described);
  });

  test('a limit may get another key, and a path with one may move', async () => {
    const limited = (key: string, before = '') =>
      writeFileSync(
        join(folder, 'lb.yaml'),
        `name: shop\nlisteners: { http: { port: ${port} } }\nroutes: [{ paths: { ${before}/: { respond: { body: x }, rate_limit: { rate: 9r/s, key: ${key} } } } }]\n`,
      );
    limited('$remote_addr');
    expect(await run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    limited('$http_authorization');
    expect(await run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    limited('$http_authorization', '/a: { respond: 204, rate_limit: { rate: 9r/s, key: $uri } }, ');
    expect(await run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
  });

  test('a reload that NGINX does not take, though it accepted the file, is taken back with the evidence', async () => {
    const zone = (key: string) => `snippets: { http: "limit_req_zone ${key} zone=mine:1m rate=1r/s;" }\n`;
    write('one', zone('$remote_addr'));
    await run('up');
    const before = await status();
    write('two', zone('$uri'));
    const up = await run('up', '--yes', '--watch', '0');
    expect([up.code, up.stderr]).toEqual([3, expect.stringContaining('while previously it used')]);
    expect(await answer()).toBe('one');
    const after = await status();
    expect([after.serving, after.pid]).toEqual([before.serving, before.pid]);
    expect((await run('plan', '--check')).code).toBe(1);
    write('three', zone('$remote_addr'));
    expect((await run('up', '--yes', '--watch', '0')).code).toBe(0);
    await expect.poll(answer).toBe('three');
  });

  test('a listener that changes its address on the same port is told to need a restart', async () => {
    await run('up');
    const yaml = readFileSync(join(folder, 'lb.yaml'), 'utf8');
    writeFileSync(
      join(folder, 'lb.yaml'),
      yaml.replace(`port: ${port}`, `port: ${port}, address: 127.0.0.1`),
    );
    const up = await run('up', '--yes', '--watch', '0');
    expect([up.code, up.stderr]).toEqual([
      3,
      expect.stringContaining('would move from 0.0.0.0 to 127.0.0.1'),
    ]);
    expect(await answer()).toBe('one');
    await run('down', '--yes');
    expect((await run('up')).code).toBe(0);
  });

  test('NGINX that was killed is found gone and started again', async () => {
    await run('up');
    const { pid, workers } = await status();
    for (const victim of [pid, ...workers.map((worker) => worker.pid)]) process.kill(victim, 'SIGKILL');
    await expect.poll(masters).toEqual([]);
    const told = await status();
    expect([told.running, told.remarks[0]]).toEqual([
      false,
      expect.stringContaining('it stopped or was killed'),
    ]);
    expect(JSON.parse((await run('up', '--json')).stdout)).toMatchObject({
      steps: [{ action: 'create', resource: 'nginx' }],
    });
    expect(await answer()).toBe('one');
  });

  test('a pid file that names a foreign process harms nobody', async () => {
    const foreign = await listen(await freePort());
    mkdirSync(join(prefix(), 'run'), { recursive: true });
    writeFileSync(join(prefix(), 'run/nginx.pid'), `${process.pid}\n`);
    expect(await status()).toMatchObject({ running: false });
    expect((await run('down', '--yes')).code).toBe(0);
    expect(foreign.listening).toBe(true);
    foreign.close();
  });

  test('a master whose pid file is gone is still found', async () => {
    await run('up');
    rmSync(join(prefix(), 'run/nginx.pid'));
    expect(await status()).toMatchObject({ running: true });
    expect((await run('down', '--yes')).code).toBe(0);
    expect(masters()).toEqual([]);
  });

  const halfDone: Record<string, () => void> = {
    'an empty prefix': () => mkdirSync(prefix(), { recursive: true }),
    'a draft of a release': () =>
      mkdirSync(join(prefix(), `releases/.draft.${spawnSync('true').pid}`), { recursive: true }),
    'a link that leads nowhere': () => {
      mkdirSync(prefix(), { recursive: true });
      symlinkSync('releases/none', join(prefix(), 'current'));
    },
    'a release without its files': () => {
      mkdirSync(join(prefix(), 'releases/0123456789abcdef'), { recursive: true });
      symlinkSync('releases/0123456789abcdef', join(prefix(), 'current'));
    },
    'the lock of a process that is gone': () => {
      mkdirSync(join(folder, '.lbctl/shop.lock'), { recursive: true });
      const { pid } = spawnSync('true');
      writeFileSync(join(folder, `.lbctl/shop.lock/${pid}.1`), '2026-01-01T00:00:00.000Z\n');
    },
  };

  test.each(Object.keys(halfDone))('%s is finished by the next up', async (name) => {
    halfDone[name]!();
    expect(await run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(await answer()).toBe('one');
    expect(readdirSync(join(prefix(), 'releases'))).toHaveLength(1);
    expect((await run('down', '--yes')).code).toBe(0);
    expect(existsSync(join(folder, '.lbctl'))).toBe(false);
  });

  test('a folder that cannot be written is told', async () => {
    writeFileSync(join(folder, '.lbctl'), 'in the way');
    const up = await run('up');
    expect([up.code, up.stderr]).toEqual([
      3,
      expect.stringContaining(`cannot write to ${join(folder, '.lbctl')}`),
    ]);
    expect(up.stderr).toContain('hint: ');
    rmSync(join(folder, '.lbctl'));
  });

  test('a lock that is held is told with its holder', async () => {
    mkdirSync(join(folder, '.lbctl/shop.lock'), { recursive: true });
    writeFileSync(join(folder, `.lbctl/shop.lock/${process.pid}.`), '2026-01-01T00:00:00.000Z\n');
    const up = await run('up');
    expect([up.code, up.stderr]).toEqual([
      3,
      expect.stringContaining(`pid ${process.pid}, since 2026-01-01T00:00:00.000Z)`),
    ]);
    rmSync(join(folder, '.lbctl'), { recursive: true });
  });

  test('killed at any time, the next run finishes the work', async () => {
    for (const delay of [150, 350, 700]) {
      write(`after ${delay}`);
      await lbctl(['up', '--yes', '--watch', '1s'], {
        cwd: folder,
        watch: (child) => void sleep(delay).then(() => child.kill('SIGKILL')),
      });
      expect(await run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
      await expect.poll(answer).toBe(`after ${delay}`);
      expect(masters()).toHaveLength(1);
    }
    expect(readdirSync(join(prefix(), 'releases')).filter((name) => name.startsWith('.'))).toEqual([]);
  }, 240_000);

  test('killed at any time at the first start, the next run finishes the work', async () => {
    for (const [delay, then] of [
      [200, 'up'],
      [350, 'down'],
      [600, 'up'],
    ] as const) {
      await lbctl(['up'], {
        cwd: folder,
        watch: (child) => void sleep(delay).then(() => child.kill('SIGKILL')),
      });
      expect(await run(then, '--yes')).toMatchObject({ code: 0 });
      expect(await run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
      expect([await answer(), masters().length]).toEqual(['one', 1]);
      expect(await run('down', '--yes')).toMatchObject({ code: 0 });
      expect([masters(), existsSync(join(folder, '.lbctl'))]).toEqual([[], false]);
    }
  }, 240_000);

  test('an NGINX that is missing, no NGINX, or too old is told before anything changes', async () => {
    const up = (env: Record<string, string>) => lbctl(['up'], { cwd: folder, env });
    const missing = await up({ LBCTL_NGINX: '/nowhere/nginx' });
    expect([missing.code, missing.stderr]).toEqual([
      3,
      expect.stringContaining('LBCTL_NGINX names /nowhere/nginx'),
    ]);
    const other = await up({ LBCTL_NGINX: '/bin/true' });
    expect([other.code, other.stderr]).toEqual([
      3,
      expect.stringContaining('does not answer -V as NGINX does'),
    ]);
    write('x', 'nginx: { version: "1.31" }\n');
    const old = await up({});
    expect([old.code, old.stderr]).toEqual([
      3,
      expect.stringContaining('is written for NGINX 1.31 or newer'),
    ]);
    write('x', 'nginx: { plus: true }\n');
    expect((await up({})).stderr).toContain('is open source NGINX');
    expect(existsSync(join(folder, '.lbctl'))).toBe(false);
  });

  test('reads a version that NGINX has and starts it without sbin on the PATH', async () => {
    const up = await lbctl(['up'], { cwd: folder, env: { PATH: '/usr/bin:/bin' } });
    expect(up.code).toBe(0);
    expect(findNginx()).toBeDefined();
  });
});

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '0.0.0.0', resolve);
  });
  return server;
}
