import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Host, startHost, withoutHosts } from '../../support/host.ts';
import { type HttpsShop, newHttpsShop } from '../../support/https-shop.ts';
import { without } from '../../support/tools.ts';
import { killedIn } from '../release/node/kill.ts';

const SCRIPT = join(import.meta.dirname, '../../../src/lib/certificates/node/certificates.sh');

const skip = without('nginx', 'curl', 'ssh', 'sshd', 'openssl', 'pebble', 'certbot') || withoutHosts();

describe.skipIf(skip)('a renewal that is killed', { timeout: 600_000 }, () => {
  let host: Host;
  let shop: HttpsShop;

  beforeAll(async () => {
    host = await startHost();
    shop = await newHttpsShop([host]);
    await shop.describe('one', 'shop.example.com');
    expect(await shop.run('up')).toMatchObject({ code: 0 });
  }, 120_000);

  /** Runs another script as the timer runs it; gives whether it was killed. */
  const isKilled = (script: string, more: string): boolean => {
    const words = [...host.enter.slice(1), 'sh', '-s', 'renew', '/etc/lbctl', more];
    const { status, signal } = spawnSync(host.enter[0]!, words, { input: script });
    return signal === 'SIGKILL' || status === 137;
  };
  /** All that must be so once a renewal has come to its end. */
  const settled = (): unknown => ({
    answer: shop.answer('shop.example.com'),
    shown: shop.fingerprint(),
    left: host.sh(
      'cd /etc/lbctl && find . -name "*.new" -o -name new -o -name next -o -name last -o -path "./lock*" -o -name "*.sh.*"',
    ),
    pairs: host.sh('ls -d /etc/lbctl/certificates/https/*/ | grep -vc stand-in'),
    failures: host.sh('ls /etc/lbctl/acme/failures 2>/dev/null || true'),
  });
  const expected = (): unknown => ({
    answer: 'one',
    shown: host.sh(
      'openssl x509 -in /etc/lbctl/certificates/https/current/fullchain.pem -noout -fingerprint -sha256',
    ),
    left: '',
    pairs: '2',
    failures: '',
  });

  test('is finished by the next one, wherever that was', async () => {
    const places = await killedIn(['obtain', 'put_in_place', 'refresh'], () => true, SCRIPT);
    expect(places.length).toBeGreaterThan(15);
    const missed: string[] = [];
    for (const { place, script } of places) {
      if (!isKilled(script, 'force=yes')) missed.push(place);
      expect({ place, answer: shop.answer('shop.example.com') }).toEqual({ place, answer: 'one' });
      shop.renew();
      expect({ place, ...(settled() as object) }).toEqual({ place, ...(expected() as object) });
    }
    expect(missed.length).toBeLessThan(places.length / 3);
  });

  test('is finished where what has NGINX take it was killed', async () => {
    const places = await killedIn(['refresh', 'put_back']);
    const file = host.sh('ls /etc/lbctl/node-*.sh');
    const whole = host.sh(`cat ${file}`);
    const put = (script: string): void =>
      void spawnSync(host.enter[0]!, [...host.enter.slice(1), 'sh', '-c', `cat >${file}`], { input: script });
    for (const { place, script } of places) {
      put(script);
      isKilled(await readFile(SCRIPT, 'utf8'), 'force=yes');
      expect({ place, answer: shop.answer('shop.example.com') }).toEqual({ place, answer: 'one' });
      put(`${whole}\n`);
      shop.renew();
      expect({ place, ...(settled() as object) }).toEqual({ place, ...(expected() as object) });
    }
  });

  test('is finished where certbot was killed with it, at any time', () => {
    for (const seconds of [0.3, 0.6, 0.9, 1.2, 1.6, 2, 2.5, 3]) {
      host.sh(
        `timeout -s KILL ${seconds} sh /etc/lbctl/certificates.sh renew /etc/lbctl force=yes >/dev/null 2>&1; pkill -KILL -x certbot; sleep 0.2; true`,
      );
      expect({ seconds, answer: shop.answer('shop.example.com') }).toEqual({ seconds, answer: 'one' });
      shop.renew();
      expect({ seconds, ...(settled() as object) }).toEqual({ seconds, ...(expected() as object) });
    }
  });

  test('that never came to a first certificate is finished by the timer', async () => {
    host.sh(
      'rm -rf /etc/lbctl/acme/certbot /etc/lbctl/certificates/https && mkdir -p /etc/lbctl/certificates/https',
    );
    host.sh(
      'cd /etc/lbctl/certificates/https && mkdir stand-in && openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout stand-in/privkey.pem -out stand-in/fullchain.pem 2>/dev/null && ln -s stand-in current && nginx -s reload',
    );
    host.sh(
      'timeout -s KILL 2 sh /etc/lbctl/certificates.sh renew /etc/lbctl >/dev/null 2>&1; pkill -KILL -x certbot; sleep 0.2; true',
    );
    shop.renew();
    expect(shop.answer('shop.example.com')).toBe('one');
  });
});
