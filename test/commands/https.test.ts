import { beforeAll, describe, expect, test } from 'vitest';
import { type Host, startHost, withoutHosts } from '../support/host.ts';
import { type HttpsShop, newHttpsShop } from '../support/https-shop.ts';
import { without } from '../support/tools.ts';

const skip = without('nginx', 'curl', 'ssh', 'sshd', 'openssl', 'pebble', 'certbot') || withoutHosts();

describe.skipIf(skip)('a certificate of an authority', { timeout: 120_000 }, () => {
  let host: Host;
  let shop: HttpsShop;

  beforeAll(async () => {
    host = await startHost();
    shop = await newHttpsShop([host]);
  }, 60_000);

  test('is there after one up on a machine that had nothing, and the plan told so', async () => {
    await shop.describe('one', 'shop.example.com, www.example.com');
    const plan = await shop.run('plan', '--json');
    expect(JSON.parse(plan.stdout)).toMatchObject({
      steps: [
        { action: 'create', resource: 'release' },
        { action: 'create', resource: 'renewal' },
        {
          action: 'create',
          resource: 'certificate',
          name: `https on ${shop.names[0]}`,
          details: [`shop.example.com, www.example.com: asked of ${shop.pebble.directory}`],
        },
      ],
    });
    expect(await shop.run('up')).toMatchObject({ code: 0 });
    expect(shop.answer('shop.example.com')).toBe('one');
    expect(shop.answer('www.example.com')).toBe('one');
    expect(host.sh('curl -si -H "Host: shop.example.com" http://127.0.0.1/a')).toContain(
      'Location: https://shop.example.com/a',
    );
  });

  test('has keys that root alone can read', () => {
    const keys = host.sh('find /etc/lbctl -name "*privkey*.pem" -o -name private_key.json').split('\n');
    expect(keys.length).toBeGreaterThan(2);
    const read = keys.map((key) =>
      host.sh(`stat -Lc %U:%a ${key}; sudo -u www-data cat ${key} 2>&1 || true`),
    );
    expect(read.filter((told) => !/^root:[46]00\n.*Permission denied/u.test(told))).toEqual([]);
  });

  test('is left alone by the next up', async () => {
    const orders = shop.pebble.orders();
    expect(await shop.run('up')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no changes') as string,
    });
    expect(await shop.run('plan', '--check')).toMatchObject({ code: 0 });
    expect(shop.pebble.orders()).toBe(orders);
  });

  test('is renewed by the timer of the node, which is no other release', async () => {
    const [before, { serving }] = [shop.fingerprint(), await shop.status()];
    shop.renew();
    expect(shop.fingerprint()).not.toBe(before);
    expect(shop.answer('shop.example.com')).toBe('one');
    expect(await shop.status()).toMatchObject({
      serving,
      described: serving,
      remarks: [],
      certificates: [{ name: 'https', node: shop.names[0], hosts: ['shop.example.com', 'www.example.com'] }],
    });
    expect((await shop.run('status')).stdout).toMatch(
      /tls\s+https {2}shop\.example\.com, www\.example\.com: Pebble.*, until 20\d\d-\d\d-\d\d$/mu,
    );
    expect(await shop.run('plan', '--check')).toMatchObject({ code: 0 });
  });
});
