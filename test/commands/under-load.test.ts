import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Run } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startHost, withoutHosts } from '../support/host.ts';
import { atEnd } from '../support/lifetime.ts';
import { freePort } from '../support/ports.ts';
import { newShop } from '../support/shop.ts';
import { newSshShop } from '../support/ssh-shop.ts';
import { findNginx, findProgram, without } from '../support/tools.ts';
import { until } from '../support/wait.ts';

/** What is done under load; `npm run bench -- releases` does more of it. */
const WORK = process.env['LBCTL_TEST_RELEASES']
  ? { deploys: 50, drains: 10, rollbacks: 5 }
  : { deploys: 6, drains: 2, rollbacks: 1 };
/** File that gets a line of figures for each test. */
const REPORT = process.env['LBCTL_TEST_REPORT'];

const TIMEOUT = process.env['LBCTL_TEST_RELEASES'] ? 1_800_000 : 120_000;

/** A balancer with an upstream of two servers behind /web. */
interface Place {
  /** In front of the words of a program, has it run where the balancer can be reached. */
  readonly network: readonly string[];
  readonly port: number;
  readonly servers: readonly string[];
  /** Writes lb.yaml, with a body for /. */
  write(body: string): unknown;
  run(...args: string[]): Promise<Run>;
  answer(): Promise<string>;
}

describe.skipIf(without('nginx', 'curl', 'wrk'))('no request fails', { timeout: TIMEOUT }, () => {
  test('on this machine', async () => {
    const servers = await startServers([]);
    const shop = await newShop();
    const write = (body: string): void => shop.write(body, more(servers));
    write('first');
    expect(await shop.run('up')).toMatchObject({ code: 0 });
    await prove('this machine', { ...shop, network: [], servers, write });
  });

  test.skipIf(without('ssh', 'sshd') || withoutHosts())('on a node by ssh', async () => {
    const host = await startHost();
    host.sh('nginx');
    const servers = await startServers(host.network);
    const shop = await newSshShop([host]);
    const write = (body: string) => shop.write(body, more(servers));
    await write('first');
    expect(await shop.deploy()).toMatchObject({ code: 0 });
    const answer = async (): Promise<string> => host.sh('curl -s http://127.0.0.1/');
    await prove('a node by ssh', { ...shop, network: host.network, port: 80, servers, write, answer });
  });
});

const more = (servers: readonly string[]) => ({
  keys: `upstreams: { web: [${servers.join(', ')}] }`,
  paths: '/web: web',
});

/** Two servers of one process. */
async function startServers(network: readonly string[]): Promise<string[]> {
  const folder = await temporaryFolder();
  const ports = [await freePort(), await freePort()];
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((use) => `${use}_temp_path ${use};`);
  const config = `daemon off; master_process off; pid pid; error_log error.log; events { }
http { access_log off; ${temp.join(' ')} ${ports.map((port) => `server { listen ${port}; return 200 "${port}\\n"; }`).join(' ')} }`;
  await writeFile(join(folder, 'nginx.conf'), config);
  const words = ['-p', `${folder}/`, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')];
  start(network, findNginx()!, words);
  const begun = start(network, 'sh', [
    '-c',
    `until curl -s -o /dev/null http://127.0.0.1:${ports[1]}; do sleep 0.1; done`,
  ]);
  await once(begun, 'exit');
  return ports.map((port) => `127.0.0.1:${port}`);
}

function start(network: readonly string[], program: string, args: readonly string[]): ChildProcess {
  const [first = '', ...words] = [...network, program, ...args];
  const child = spawn(first, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  atEnd(() => void child.kill('SIGKILL'));
  return child;
}

/** Has clients ask all the while, those that open a connection each time and those that keep theirs. */
async function prove(name: string, place: Place): Promise<void> {
  const { network, port } = place;
  const pace = join(await temporaryFolder(), 'pace.lua');
  // milliseconds before each request: the load is steady, and leaves something of the machine to lbctl
  await writeFile(pace, 'function delay() return 20 end\n');
  const url = `http://127.0.0.1:${port}/web`;
  const options = ['-t1', '-c4', '-d3600', '-s', pace, '-H', 'Connection: close', url];
  const wrk = outputOf(start(network, findProgram('wrk')!, options));
  const client = new URL('../../bench/client.js', import.meta.url).pathname;
  const keeping = start(network, process.execPath, [client, String(port), '/web']);
  const kept = outputOf(keeping);
  await work(place);
  wrk.child.kill('SIGINT');
  keeping.stdin!.end();
  const said = await wrk.all;
  const { sent, failed, repeated } = JSON.parse(await kept.all) as Record<string, number>;
  const requests = Number(/(\d+) requests in/u.exec(said)?.[1] ?? 0);
  const errors = /Socket errors.*|Non-2xx.*/gu.exec(said)?.[0] ?? '';
  if (REPORT !== undefined)
    appendFileSync(
      REPORT,
      `${JSON.stringify({ name, ...WORK, requests, errors, sent, failed, repeated })}\n`,
    );
  expect({ errors, failed }).toEqual({ errors: '', failed: 0 });
  expect(requests).toBeGreaterThan(300);
  expect(sent).toBeGreaterThan(300);
}

/** All that a program prints until its end. */
function outputOf(child: ChildProcess): { child: ChildProcess; all: Promise<string> } {
  let text = '';
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return { child, all: once(child, 'close').then(() => text) };
}

async function work({ write, run, answer, servers }: Place): Promise<void> {
  const quickly = ['--yes', '--watch', '0s'];
  const done = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await run(...args);
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr });
  };
  const { deploys, drains, rollbacks } = WORK;
  for (let count = 1; count <= deploys; count++) {
    await write(`r${count}`);
    await done('deploy', ...quickly);
    expect(await answer()).toBe(`r${count}`);
    if (count % Math.floor(deploys / drains) === 0) {
      const server = servers[count % 2]!;
      await done('pool', 'drain', server, ...quickly);
      await done('pool', 'undrain', server, ...quickly);
    }
    if (count % Math.floor(deploys / rollbacks) === 0) {
      await done('rollback', ...quickly);
      await until('what served before', async () => (await answer()) === `r${count - 1}`);
    }
  }
}
