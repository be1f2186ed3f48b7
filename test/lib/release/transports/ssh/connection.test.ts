import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Aborted } from '../../../../../src/lib/errors.ts';
import { sshTransport } from '../../../../../src/lib/release/transports/ssh.ts';
import type { Transport } from '../../../../../src/lib/release/transports/transport.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { atEnd } from '../../../../support/lifetime.ts';
import { type Sshd, startSshd } from '../../../../support/sshd.ts';
import { without } from '../../../../support/tools.ts';
import { until } from '../../../../support/wait.ts';

describe.skipIf(without('ssh', 'sshd'))('the end of a connection', () => {
  let sshd: Sshd;
  let config: string;
  beforeAll(async () => {
    sshd = await startSshd();
    config = await sshd.configure();
  });
  afterEach(() => void vi.unstubAllEnvs());

  function connect(to: Sshd = sshd, settings: Parameters<typeof sshTransport>[1] = { config }): Transport {
    const transport = sshTransport(to.destination(), settings);
    atEnd(() => transport.close());
    return transport;
  }

  it('is gone after close: no connection, no folder; and can be used again', async () => {
    const own = await startSshd();
    const temporary = await ownTemporaryFolder();
    const node = connect(own, { config: await own.configure() });
    await node.run(['true']);
    expect(readdirSync(temporary)).toHaveLength(1);
    expect(processesWith(temporary)).toHaveLength(1);
    await node.close();
    expect(readdirSync(temporary)).toEqual([]);
    await until('the connection has ended', () => processesWith(temporary).length === 0);
    expect((await node.run(['echo', 'again'])).stdout).toBe('again\n');
    expect(await own.logins()).toBe(2);
  });

  it('can be closed unused, twice, and while it opens', async () => {
    const node = connect();
    await node.close();
    const running = node.run(['true']);
    const failure = failureOf(running);
    await node.close();
    await node.close();
    expect(await failure).toBeInstanceOf(Aborted);
  });

  it('leaves the work alone when it is closed under it', async () => {
    const node = connect();
    const folder = await temporaryFolder();
    const script = 'trap "" PIPE; touch "$1/begun"; sleep 1; echo told; touch "$1/done"';
    const running = node.run(['sh', '-c', script, 'sh', folder]);
    const failure = failureOf(running);
    await until('it has begun', () => existsSync(join(folder, 'begun')), 15_000);
    await node.close();
    expect(await failure).toMatchObject({ kind: 'failed', code: 'connection-lost' });
    await until('it has ended', () => existsSync(join(folder, 'done')), 15_000);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'tells that the connection was lost (%s), and opens another',
    async (signal) => {
      const own = await startSshd();
      const node = connect(own, { config: await own.configure() });
      const folder = await temporaryFolder();
      const lines: string[] = [];
      const script = 'trap "" PIPE; echo begun; touch "$1/begun"; sleep 1; echo told; touch "$1/done"';
      const running = node.run(['sh', '-c', script, 'sh', folder], { onLine: (line) => lines.push(line) });
      const failure = failureOf(running);
      await until('it has begun', () => existsSync(join(folder, 'begun')) && lines.length > 0, 15_000);
      own.dropConnections(signal);
      expect(await failure).toMatchObject({
        kind: 'failed',
        code: 'connection-lost',
        message: `the connection to ${node.name} was lost while sh -c ran`,
        hint: expect.stringContaining('the node goes on by itself'),
      });
      expect(lines).toEqual(['begun']);
      await until('it has ended', () => existsSync(join(folder, 'done')), 15_000);
      expect((await node.run(['echo', 'back'])).stdout).toBe('back\n');
      expect(await own.logins()).toBe(2);
    },
  );

  it('tells each of several programs that the connection was lost, and opens one other', async () => {
    const own = await startSshd();
    const node = connect(own, { config: await own.configure() });
    const folder = await temporaryFolder();
    const running = ['a', 'b', 'c'].map((name) =>
      failureOf(node.run(['sh', '-c', 'touch "$1"; sleep 2', 'sh', join(folder, name)])),
    );
    await until('all have begun', () => readdirSync(folder).length === 3, 15_000);
    own.dropConnections();
    for (const failure of running) expect(await failure).toMatchObject({ code: 'connection-lost' });
    await Promise.all([node.run(['true']), node.run(['true'])]);
    expect(await own.logins()).toBe(2);
  });

  it.each([
    ['ended by itself', 'SIGTERM'],
    ['left its socket behind', 'SIGKILL'],
  ] as const)('opens another connection where the one before has %s', async (_, signal) => {
    const own = await startSshd();
    const temporary = await ownTemporaryFolder();
    const node = connect(own, { config: await own.configure() });
    await node.run(['true']);
    const [pid, ...others] = processesWith(temporary);
    expect(others).toEqual([]);
    process.kill(pid!, signal);
    await until('the connection has ended', () => processesWith(temporary).length === 0);
    expect((await node.run(['echo', 'back'])).stdout).toBe('back\n');
    await node.run(['true']);
    expect(await own.logins()).toBe(2);
  });

  it('notices a network that is gone', { timeout: 40_000 }, async () => {
    const own = await startSshd();
    atEnd(() => own.dropConnections('SIGCONT'));
    const node = connect(own, { config: await own.configure() });
    await node.run(['true']);
    const running = node.run(['sleep', '60']);
    own.dropConnections('SIGSTOP');
    await expect(running).rejects.toMatchObject({
      code: 'connection-lost',
      evidence: expect.arrayContaining([expect.stringMatching(/not responding/u)]),
    });
  });

  describe('when lbctl ends', () => {
    let program: string;
    beforeAll(async () => {
      program = join(await temporaryFolder(), 'program.mjs');
      const contents = `
        import { sshTransport } from './src/lib/release/transports/ssh.ts';
        const [destination, config, folder, how] = process.argv.slice(2);
        const node = sshTransport(destination, { config });
        const script = 'trap "" PIPE; touch "$1/begun"; sleep 1; echo told; touch "$1/done"';
        if (how === 'handled') process.on('SIGINT', () => undefined);
        const running = node.run(['sh', '-c', script, 'sh', folder]);
        if (how === 'exit') setInterval(async () => {
          const { existsSync } = await import('node:fs');
          if (existsSync(folder + '/begun')) process.exit(0);
        }, 20);
        await running;
        await node.close();`;
      const stdin = { contents, resolveDir: process.cwd(), loader: 'ts' } as const;
      await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: program });
    });

    it('by itself after Ctrl-C, it has seen the end of the work', async () => {
      const folder = await temporaryFolder();
      const child = spawn(process.execPath, [program, sshd.destination(), config, folder, 'handled'], {
        stdio: 'ignore',
        detached: true,
      });
      const code = new Promise((resolve) => child.once('exit', resolve));
      await until('the work has begun', () => existsSync(join(folder, 'begun')), 15_000);
      process.kill(-child.pid!, 'SIGINT');
      expect(await code).toBe(0);
      expect(existsSync(join(folder, 'done'))).toBe(true);
    });

    it.each(['exit', 'SIGINT', 'SIGKILL'] as const)('by %s, the work goes on', async (how) => {
      const [folder, temporary] = [await temporaryFolder(), await temporaryFolder()];
      const child = spawn(process.execPath, [program, sshd.destination(), config, folder, how], {
        stdio: 'ignore',
        detached: true,
        env: { ...process.env, TMPDIR: temporary },
      });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await until('the work has begun', () => existsSync(join(folder, 'begun')), 10_000);
      // as the terminal does: to all of the group
      if (how !== 'exit') process.kill(-child.pid!, how);
      await ended;
      expect(existsSync(join(folder, 'done'))).toBe(false);
      await until('the work has ended', () => existsSync(join(folder, 'done')), 15_000);
      await until('nothing is left of it', () => readdirSync(temporary).length === 0);
      await until('the connection has ended', () => processesWith(temporary).length === 0);
    });
  });
});

/** What a program was not run for; asked for at once, so that nobody misses it. */
function failureOf(running: Promise<unknown>): Promise<unknown> {
  return running.then(
    () => 'it did not fail',
    (error: unknown) => error,
  );
}

/** Where a test finds what it leaves on disk, and nothing of others. */
async function ownTemporaryFolder(): Promise<string> {
  const folder = await temporaryFolder();
  vi.stubEnv('TMPDIR', folder);
  return folder;
}

/** Processes whose words have a text in them. */
function processesWith(text: string): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line.includes(text) && line.includes('ssh'))
    .map((line) => Number.parseInt(line, 10));
}
