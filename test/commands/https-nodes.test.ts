import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Host, startHost, withoutHosts } from '../support/host.ts';
import { type HttpsShop, newHttpsShop } from '../support/https-shop.ts';
import { findProgram, without } from '../support/tools.ts';

const skip = without('nginx', 'curl', 'ssh', 'sshd', 'openssl', 'pebble', 'certbot') || withoutHosts();

const ADDRESSES = ['10.77.0.1', '10.77.0.2'] as const;

/** A cable between two machines. */
function connect(hosts: readonly Host[]): void {
  const [a, b] = hosts.map(({ pid }) => String(pid));
  const words = ['link', 'add', 'eth7', 'netns', a!, 'type', 'veth', 'peer', 'name', 'eth7', 'netns', b!];
  const { status, stderr } = spawnSync(findProgram('ip')!, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  for (const [index, host] of hosts.entries())
    host.sh(`ip addr add ${ADDRESSES[index]}/24 dev eth7 && ip link set eth7 up`);
}

describe.skipIf(skip)('two nodes for one name', { timeout: 300_000 }, () => {
  let hosts: Host[];
  let shop: HttpsShop;

  beforeAll(async () => {
    hosts = await Promise.all([startHost(), startHost()]);
    connect(hosts);
    shop = await newHttpsShop(hosts, { address: ADDRESSES[0] });
    await shop.describe('one', 'shop.example.com');
  }, 120_000);

  test('get a certificate each, though all challenges come to one of them', async () => {
    shop.pebble.lead('shop.example.com', ADDRESSES[1]);
    expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    const shown = hosts.map((host) => shop.fingerprint(host));
    expect(new Set(shown).size).toBe(2);
    for (const host of hosts) expect(shop.answer('shop.example.com', host)).toBe('one');
    expect((await shop.status()).certificates.map(({ node }) => node)).toEqual(shop.names);
    expect(await shop.run('plan', '--check')).toMatchObject({ code: 0 });
  });

  test('renew them by themselves, wherever the challenges come to', () => {
    for (const address of ADDRESSES) {
      shop.pebble.lead('shop.example.com', address);
      for (const host of hosts) {
        const before = shop.fingerprint(host);
        shop.renew('', host);
        expect(shop.fingerprint(host)).not.toBe(before);
      }
    }
  });

  test('have their keys for themselves', () => {
    const keys = hosts.map((host) => host.sh('sha256sum </etc/lbctl/certificates/https/current/privkey.pem'));
    expect(new Set(keys).size).toBe(2);
  });

  test('are told of when they do not reach each other, and the one that is reached has its certificate', async () => {
    hosts[1]!.sh(
      'rm -f /etc/lbctl/acme/peers/met /etc/lbctl/acme/challenges/.well-known/acme-challenge/lbctl-node',
    );
    hosts[0]!.sh('rm -f /etc/lbctl/acme/peers/met');
    const run = await shop.run('up', '--yes');
    expect(run.stderr).toContain(`${shop.names[0]} does not reach ${shop.names[1]} on port 80`);
    for (const host of hosts) expect(shop.answer('shop.example.com', host)).toBe('one');
  });

  test('keep what they have where the first of them cannot get another one', async () => {
    shop.pebble.lead('new.example.com', '10.9.9.9');
    await shop.describe('two', 'shop.example.com, new.example.com');
    const before = hosts.map((host) => shop.fingerprint(host));
    const orders = shop.pebble.orders();
    const run = await shop.run('up', '--yes', '--watch', '0');
    expect(run).toMatchObject({ code: 3, stderr: expect.stringContaining('new.example.com') as string });
    // the others would be told the same
    expect(shop.pebble.orders()).toBe(orders + 1);
    expect(hosts.map((host) => shop.fingerprint(host))).toEqual(before);
    for (const host of hosts) expect(shop.answer('shop.example.com', host)).toBe('two');
  });
});
