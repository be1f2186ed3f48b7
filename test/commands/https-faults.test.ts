import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Host, startHost, withoutHosts } from '../support/host.ts';
import { type HttpsShop, newHttpsShop } from '../support/https-shop.ts';
import { without } from '../support/tools.ts';

const skip = without('nginx', 'curl', 'ssh', 'sshd', 'openssl', 'pebble', 'certbot') || withoutHosts();

describe.skipIf(skip)('a certificate that is there', { timeout: 300_000 }, () => {
  let host: Host;
  let shop: HttpsShop;

  beforeAll(async () => {
    host = await startHost();
    shop = await newHttpsShop([host]);
    await shop.describe('one', 'shop.example.com, www.example.com');
    expect(await shop.run('up')).toMatchObject({ code: 0 });
  }, 120_000);

  test('goes on where another one cannot be had, and the authority says why', async () => {
    shop.pebble.lead('nowhere.example.com', '10.9.9.9');
    await shop.describe('two', 'shop.example.com, new.example.com, nowhere.example.com');
    const before = shop.fingerprint();
    const run = await shop.run('up', '--yes', '--watch', '0');
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('NGINX goes on with the certificate that it has');
    expect(run.stderr).toMatch(/Domain: nowhere\.example\.com/u);
    expect(run.stderr).toMatch(/hint: .*nowhere\.example\.com/u);
    expect(shop.fingerprint()).toBe(before);
    expect(shop.answer('shop.example.com')).toBe('two');
    expect((await shop.status()).remarks.join('\n')).toMatch(
      /certificate https: it is for .* now \(.* ago: nowhere\.example\.com: .*/u,
    );
  });

  test('is asked for anew when it is for other hosts', async () => {
    await shop.describe('three', 'shop.example.com, new.example.com');
    const { stdout } = await shop.run('plan');
    expect(stdout).toContain('it is for shop.example.com, www.example.com now');
    expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(shop.answer('new.example.com')).toBe('three');
    expect((await shop.status()).remarks).toEqual([]);
    expect(await shop.run('plan', '--check')).toMatchObject({ code: 0 });
  });

  test('gets a key of another kind when one is asked for', async () => {
    await shop.describe('three', 'shop.example.com, new.example.com', ', key_type: rsa');
    expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(
      host.sh('openssl x509 -in /etc/lbctl/certificates/https/current/fullchain.pem -noout -text'),
    ).toContain('rsaEncryption');
    expect(await shop.run('plan', '--check')).toMatchObject({ code: 0 });
  });

  test('is renewed before its time by who asks for it', () => {
    const [before, orders] = [shop.fingerprint(), shop.pebble.orders()];
    shop.renew('force=yes');
    expect(shop.fingerprint()).not.toBe(before);
    expect(shop.pebble.orders()).toBe(orders + 1);
  });

  test('stays where NGINX does not take the one that comes, until it does', async () => {
    const before = shop.fingerprint();
    const current = (): string => host.sh('readlink /etc/lbctl/certificates/https/current');
    const was = current();
    host.sh('echo "broken;" >/etc/lbctl/acme/peers/upstream-x.conf');
    expect(() => shop.renew('force=yes')).toThrow('unknown directive');
    expect([shop.fingerprint(), current()]).toEqual([before, was]);
    expect((await shop.status()).remarks.join()).toContain('NGINX refuses what has changed');
    host.sh('rm /etc/lbctl/acme/peers/upstream-x.conf');
    const orders = shop.pebble.orders();
    shop.renew();
    expect(shop.fingerprint()).not.toBe(before);
    expect((await shop.status()).remarks).toEqual([]);
    // what was had already waits for no authority; certbot itself finds it due, as it always does here
    expect(shop.pebble.orders()).toBe(orders + 1);
  });

  test('stays when a release is taken back', async () => {
    const before = shop.fingerprint();
    expect(await shop.run('rollback', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(shop.fingerprint()).toBe(before);
    expect(shop.answer('shop.example.com')).toBe('two');
  });

  test('is renewed no more when lb.yaml names files', async () => {
    const folder = '/etc/lbctl/certificates/https/current';
    const lb = join(shop.folder, 'lb.yaml');
    const own = `certificate: ${folder}/fullchain.pem, key: ${folder}/privkey.pem`;
    await writeFile(lb, (await readFile(lb, 'utf8')).replace(/acme: \{.*?\}/u, own));
    const run = await shop.run('up', '--yes', '--watch', '0');
    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('renewed no more') as string });
    expect(host.sh('cd /etc/lbctl/acme/names && ls /etc/cron.d .')).not.toContain('lbctl');
    expect(shop.answer('shop.example.com')).toBe('three');
    expect(await shop.run('plan', '--check')).toMatchObject({ code: 0 });
  });
});

describe.skipIf(skip)('a machine with systemd', { timeout: 300_000 }, () => {
  const log = '/run/systemctl.log';
  let host: Host;
  let shop: HttpsShop;

  beforeAll(async () => {
    // there can be no second systemd here: one that notes what it is asked
    host = await startHost({
      files: {
        '/opt/bin/systemctl': `#!/bin/sh\n[ "$1" = cat ] && exit 1\necho "$*" >>${log}\n[ "$1" != is-active ] || grep -q enable ${log}\n`,
      },
      path: '/opt/bin',
    });
    host.sh('mkdir -p /run/systemd/system');
    shop = await newHttpsShop([host]);
    await shop.describe('one', 'shop.example.com');
  }, 120_000);

  test('has a timer of its own, with units that systemd takes', async () => {
    expect(await shop.run('up', '--watch', '0')).toMatchObject({ code: 0 });
    expect(host.sh(`cat ${log}`)).toContain('daemon-reload\nenable --now lbctl-certificates.timer');
    const units = host.sh('ls /etc/systemd/system/lbctl-certificates.*').split('\n');
    expect(units).toHaveLength(2);
    expect(host.sh(`systemd-analyze verify ${units.join(' ')} 2>&1 || true`)).not.toContain('lbctl');
    const [, command] = /^ExecStart=(.*)$/mu.exec(host.sh(`cat ${units[0]}`))!;
    const before = shop.fingerprint();
    host.sh(command!);
    expect(shop.fingerprint()).not.toBe(before);
    expect(await shop.run('plan', '--check')).toMatchObject({ code: 0 });
  });
});

describe.skipIf(skip)('a machine without certbot', { timeout: 120_000 }, () => {
  test('is left as it is, and told what it lacks', async () => {
    const host = await startHost({ missing: ['/usr/bin/certbot'] });
    const shop = await newHttpsShop([host]);
    await shop.describe('one', 'shop.example.com');
    const run = await shop.run('up', '--yes');
    expect(run).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('apt-get install certbot') as string,
    });
    expect(host.sh('ls /etc/lbctl 2>/dev/null || true')).toBe('');
    expect((await shop.status()).remarks.join()).toContain('certbot is not installed');
  });
});
