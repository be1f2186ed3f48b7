import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Host, startHost, withoutHosts } from '../support/host.ts';
import { ended } from '../support/pool.ts';
import { newSshShop, type SshShop } from '../support/ssh-shop.ts';
import { without } from '../support/tools.ts';

const skip = without('nginx', 'curl', 'ssh', 'sshd') || withoutHosts();

const [A, B, C] = ['127.0.0.1:9001', '127.0.0.1:9002', '127.0.0.1:9003'];
const SERVERS = `{ upstreams: { web: [${A}, ${B}] } }`.slice(2, -2);

/** Servers of a machine: they answer with their port, on /web/slow once they are told to. */
const BACKENDS = `
const { existsSync } = require('node:fs');
for (const port of [9001, 9002, 9003])
  require('node:http').createServer((request, response) => {
    const answer = () => response.end(String(port));
    if (request.url !== '/web/slow') return answer();
    const timer = setInterval(() => existsSync('/run/go') && (clearInterval(timer), answer()), 50);
  }).listen(port, '127.0.0.1');
`;

interface Listed {
  upstreams: {
    servers: {
      address: string;
      state: string;
      detail: string;
      effective: string;
      connections: number;
      nodes: { effective: string }[];
    }[];
  }[];
}

describe.skipIf(skip)('the pool of two machines', { timeout: 120_000 }, () => {
  let hosts: Host[];
  let shop: SshShop;
  beforeAll(async () => {
    hosts = await Promise.all([1, 2].map(() => startHost({ files: { '/opt/backends.cjs': BACKENDS } })));
    for (const host of hosts) {
      host.sh(`nginx; setsid '${process.execPath}' /opt/backends.cjs >/dev/null 2>&1 </dev/null &`);
    }
    shop = await newSshShop(hosts);
    await write('one');
    expect(await shop.deploy()).toMatchObject({ code: 0 });
  }, 60_000);

  const write = (body: string, keys = SERVERS) => shop.write(body, { keys, paths: '/web: web' });
  const pool = (...args: string[]) =>
    shop.run('pool', ...args, ...(args[0] === 'list' ? [] : ['--yes', '--watch', '0']));
  /** Servers that answer on each machine. */
  const answers = (): string[] =>
    hosts.map((host) =>
      host.sh('for i in 1 2 3 4 5 6 7 8; do curl -s http://127.0.0.1/web; echo; done | sort -u | xargs'),
    );
  const list = async () =>
    (JSON.parse((await pool('list', '--json')).stdout) as Listed).upstreams[0]!.servers;
  const nodes = ({ stdout }: { stdout: string }) =>
    (JSON.parse(stdout) as { nodes: { outcome: string }[] }).nodes.map(({ outcome }) => outcome);

  test('drains a server on both, and waits for what is open on either', async () => {
    expect(answers()).toEqual(['9001 9002', '9001 9002']);
    // each machine has servers at its own loopback, which this one does not reach
    expect((await list()).map(({ state, detail }) => `${state}: ${detail}`)).toEqual([
      'up: connects',
      'up: connects',
    ]);
    // two, so that each server has one
    hosts[1]!.sh('for i in 1 2; do setsid curl -s http://127.0.0.1/web/slow >/dev/null 2>&1 & done; sleep 1');
    const run = await pool('drain', B, '--timeout', '1', '--json');
    expect(run).toMatchObject(ended(3, `1 connection to ${B} is still open`));
    expect(nodes(run)).toEqual(['kept', 'kept']);
    expect(answers()).toEqual(['9001', '9001']);
    expect(await list()).toMatchObject([
      { address: A, effective: 'serving' },
      { address: B, effective: 'drained', connections: 1 },
    ]);
    hosts[1]!.sh('touch /run/go');
    expect(await pool('drain', B)).toMatchObject(ended(0, 'no changes', `${B} is out`));
    const { remarks } = await shop.status();
    expect(remarks).toEqual([`drained: ${B} of web; back with lbctl pool undrain ${B}`]);
  });

  test('has it so over deploys and rollbacks, until it is lifted', async () => {
    await write('two');
    expect(await shop.deploy()).toMatchObject(ended(0, 'drained:'));
    expect(answers()).toEqual(['9001', '9001']);
    expect(await shop.deploy()).toMatchObject(ended(0, 'no changes'));
    expect(await shop.run('rollback', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(hosts.map((host) => host.sh('curl -s http://127.0.0.1/'))).toEqual(['one', 'one']);
    expect(answers()).toEqual(['9001', '9001']);
    expect(await pool('undrain', B)).toMatchObject({ code: 0 });
    expect(answers()).toEqual(['9001 9002', '9001 9002']);
    // what was drained and lifted is the release that lb.yaml gives
    await write('one');
    expect(await shop.deploy()).toMatchObject(ended(0, 'no changes'));
  });

  test('goes back to where it was on both where one does not take it', async () => {
    const refusing = '#!/bin/sh\n[ "$1" = -V ] && exec /run/nginx.real -V\necho not today >&2\nexit 1\n';
    hosts[1]!.sh(
      `cp /usr/sbin/nginx /run/nginx.real && printf '${refusing}' >/run/nginx && chmod 755 /run/nginx`,
    );
    hosts[1]!.sh('mount --bind /run/nginx /usr/sbin/nginx');
    const run = await pool('drain', B, '--json');
    hosts[1]!.sh('umount /usr/sbin/nginx');
    expect(run).toMatchObject(ended(3, 'not today'));
    expect(nodes(run)).toEqual(['rolled-back', 'refused']);
    expect(hosts.map((host) => host.sh('cat /etc/lbctl/drained 2>/dev/null || echo none'))).toEqual([
      'none',
      'none',
    ]);
    // which is none of the releases that one goes back to
    expect(hosts[0]!.sh('tail -n 1 /etc/lbctl/history | cut -f 3')).toBe('undrain');
    expect(answers()).toEqual(['9001 9002', '9001 9002']);
  });

  test('tells which of them differ, and has them agree with the next deploy', async () => {
    const { names } = shop;
    expect(await pool('drain', B)).toMatchObject({ code: 0 });
    // one is gone back by hand
    const [, before] = hosts[1]!.sh('ls -t /etc/lbctl/releases').split('\n');
    hosts[1]!.sh(
      `rm /etc/lbctl/drained; ln -sfn /etc/lbctl/releases/${before}/nginx.conf /etc/nginx/nginx.conf; nginx -s reload`,
    );
    expect(await list()).toMatchObject([
      { effective: 'serving' },
      { effective: 'mixed', nodes: [{ effective: 'drained' }, { effective: 'serving' }] },
    ]);
    const { stdout } = await pool('list');
    expect(stdout).toContain(`drained on ${names[0]}`);
    expect(stdout).toContain(`serving on ${names[1]}`);
    expect((await shop.status()).remarks.join('\n')).toContain(`(on ${names[0]} alone)`);
    expect(await shop.deploy()).toMatchObject(ended(0, 'drained:'));
    expect(answers()).toEqual(['9001', '9001']);
    expect(await pool('undrain', B)).toMatchObject({ code: 0 });
  });

  test('is told by status: what serves and what lb.yaml has, as both machines reach it', async () => {
    await write('one', `upstreams: { web: [${A}, ${C}, 127.0.0.1:9] }`);
    const { upstreams } = await shop.status();
    const down = { state: 'down', detail: 'takes no connection', milliseconds: null };
    expect(upstreams).toMatchObject([
      {
        name: 'web',
        servers: [
          { address: A, state: 'up', served: true, described: true },
          { address: B, state: 'up', served: true, described: false },
          { address: C, state: 'up', served: false, described: true },
          { address: '127.0.0.1:9', ...down, served: false, described: true },
        ],
      },
    ]);
    await write('one');
    expect((await shop.run('status')).stdout).toMatch(/^upstream web\n {2}127\.0\.0\.1:9001 {2}up/mu);
  });

  test('adds and removes servers on both, with lb.yaml', async () => {
    const yaml = () => readFile(join(shop.folder, 'lb.yaml'), 'utf8');
    const before = await yaml();
    const added = await pool('add', 'web', C, '--json', '--batch', '2');
    expect(added).toMatchObject({ code: 0 });
    expect(nodes(added)).toEqual(['kept', 'kept']);
    expect(answers()).toEqual(['9001 9002 9003', '9001 9002 9003']);
    expect(await yaml()).toContain(C);
    expect(await pool('remove', 'web', C)).toMatchObject({ code: 0 });
    expect(await yaml()).toBe(before);
    expect(answers()).toEqual(['9001 9002', '9001 9002']);
  });
});
