import { appendFile, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type HttpBackend, startHttp } from '../../../support/backends.ts';
import { request } from '../../../support/client.ts';
import { processesOf } from '../../../support/processes.ts';
import { without } from '../../../support/tools.ts';
import { sleep, until } from '../../../support/wait.ts';
import { startNode, type TestNode, type Told } from './node.ts';

describe.skipIf(without('nginx', 'curl'))('while a release is watched', () => {
  let node: TestNode;
  let backend: HttpBackend;
  let count = 0;

  beforeAll(async () => {
    node = await startNode();
    backend = await startHttp('backend');
  });

  beforeEach(async () => {
    backend.answer({});
    expect(await node.activate('first')).toMatchObject({ code: 0, outcome: 'kept' });
  });

  /** Activates a new release that passes to the backend, and does something as soon as it is watched. */
  const watched = async (
    watch: number,
    act: () => Promise<unknown>,
    settings: Record<string, string> = {},
  ): Promise<Told> => {
    const release = `r${++count}`;
    await node.add(release, {
      server: `location = / { return 200 "${release}\\n"; } location / { client_body_in_file_only on; proxy_pass http://${backend.address}; }`,
      manifest: [`listener http 127.0.0.1 ${node.port} 200 /`],
    });
    const { reached, told } = node.begin('activate', { settings: { release, watch, ...settings } });
    await reached('watching');
    await act();
    return told;
  };

  const takenBack = async (told: Told): Promise<void> => {
    expect(told).toMatchObject({ code: 10, outcome: 'undone', stderr: '' });
    expect(told.first('failed')).toMatch(/^watching\t/u);
    expect(await node.served()).toBe('first');
    expect(await node.leftovers()).toEqual([]);
  };

  /** As many requests as NGINX passes on. */
  const ask = async (times: number): Promise<void> => {
    for (let index = 0; index < times; index++) await request({ port: node.port, path: '/api' });
  };

  /** A line of the error log with the time of now. */
  const tell = (text: string): Promise<void> => {
    const date = new Date();
    const two = (value: number): string => String(value).padStart(2, '0');
    const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('/');
    const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
    return appendFile(node.log, `${day} ${time} ${text}\n`);
  };

  test('nothing happens for as long as was asked', async () => {
    const start = Date.now();
    const told = await watched(2, () => ask(10));
    expect(told).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    expect(Date.now() - start).toBeGreaterThan(2000);
  });

  test('a serious failure in the error log takes it back', async () => {
    // the folder that bodies of requests go to is gone
    const told = await watched(10, async () => {
      await rm(join(node.log, '../body'), { recursive: true });
      expect((await request({ port: node.port, path: '/api', method: 'POST', body: 'text' })).status).toBe(
        500,
      );
    });
    await takenBack(told);
    expect(told.first('evidence')).toMatch(/\[crit\].*open\(\) ".*body.*" failed/u);
  });

  test('serious failures as before, and those of single clients, do not', async () => {
    const noise = (number: number): Promise<void> =>
      tell(
        `[crit] ${number}#${number}: *${number} pread() "/a" failed (5: Input/output error), client: 127.0.0.${number}`,
      );
    await noise(1);
    const told = await watched(2, async () => {
      await noise(2);
      await tell(
        '[crit] 3#3: *3 SSL_do_handshake() failed (SSL: bad key share) while SSL handshaking, client: 127.0.0.1',
      );
      await tell('[alert] 3#3: *8 open socket #12 left in connection 4');
    });
    expect(told).toMatchObject({ code: 0, outcome: 'kept' });
    await node.activate('first');
    await takenBack(await watched(5, () => tell('[alert] 3#3: worker process 77 exited on signal 11')));
  });

  test('failures at servers take it back', async () => {
    backend.answer({ hangUp: true });
    const told = await watched(10, () => ask(20));
    await takenBack(told);
    expect(told.first('failed')).toMatch(/^watching\t\d+ requests failed at servers$/u);
    expect(told.all('evidence').join('\n')).toContain('upstream prematurely closed connection');
  });

  test('failures at servers as often as before do not, nor a few', async () => {
    const few = await watched(2, async () => {
      backend.answer({ hangUp: true });
      await ask(4);
    });
    expect(few).toMatchObject({ code: 0, outcome: 'kept' });
    // from now on, all the time
    const ended = new AbortController();
    const steady = (async () => {
      while (!ended.signal.aborted) await Promise.all([ask(1).catch(() => undefined), sleep(50)]);
    })();
    await sleep(2500);
    const told = await watched(2, () => sleep(1));
    ended.abort();
    await steady;
    expect((await node.errorLog()).split('prematurely closed').length).toBeGreaterThan(50);
    expect(told).toMatchObject({ code: 0, outcome: 'kept' });
  });

  test('a log that begins anew is read from its beginning', async () => {
    await appendFile(node.log, 'noise\n'.repeat(1000));
    const told = await watched(10, async () => {
      await rename(node.log, `${node.log}.1`);
      process.kill(await node.master(), 'SIGUSR1');
      await until('a new log', async () => (await readdir(join(node.log, '..'))).includes('error.log'));
      await sleep(300);
      await tell('[emerg] 1#1: something is wrong');
    });
    await takenBack(told);
    expect(told.first('evidence')).toContain('something is wrong');
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'NGINX that ends by %s is started again, with what was before',
    async (signal) => {
      const told = await watched(10, async () => process.kill(await node.master(), signal));
      await takenBack(told);
      expect(told.first('failed')).toBe('watching\tNGINX ended');
      // of the workers that a killed master leaves none goes on
      await until(
        'one master and its workers',
        async () => (await processesOf(join(node.log, '..'))).length === 3,
      );
    },
  );

  test('NGINX that cannot be started again is told of, and the next run goes on from there', async () => {
    const told = await watched(10, async () => process.kill(await node.master(), 'SIGTERM'), {
      start: 'echo no way to start it >&2; false',
    });
    expect(told).toMatchObject({ code: 12, outcome: 'stuck', stderr: '' });
    expect(told.all('evidence')).toContain('no way to start it');
    expect((await node.history()).at(-1)![5]).toBe('stuck');
    expect(await readFile(join(node.root, 'journal'), 'utf8')).toMatch(/^undoing\t/u);
    const next = await node.run('recover');
    expect(next).toMatchObject({ code: 0, outcome: 'recovered', stderr: '' });
    expect(await node.served()).toBe('first');
    expect(await node.leftovers()).toEqual([]);
    expect(await node.run('recover')).toMatchObject({
      code: 0,
      outcome: 'recovered',
      lines: [['outcome', 'recovered']],
    });
  }, 40_000);
});
