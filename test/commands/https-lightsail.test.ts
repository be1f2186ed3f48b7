import { beforeAll, describe, expect, test } from 'vitest';
import { withoutMachines } from '../fake-aws/lightsail/machines/machines.ts';
import { type LightsailAccount, newLightsailAccount } from '../support/lightsail-account.ts';
import { startPebble } from '../support/pebble.ts';
import { without } from '../support/tools.ts';

const skip = withoutMachines() || without('pebble', 'certbot', 'openssl');

describe.skipIf(skip)('HTTPS on Lightsail', { timeout: 300_000 }, () => {
  let account: LightsailAccount;

  beforeAll(async () => {
    account = await newLightsailAccount();
    await account.write('one', {
      listeners:
        'http: { port: 80, redirect: https }, https: { port: 443, tls: { acme: { email: ops@example.com, directory: "https://127.0.0.1:14000/dir" } } }',
      hosts: 'shop.example.com',
    });
  }, 60_000);

  test('is planned to its last step before anything is there', async () => {
    const { code, stdout } = await account.run(['plan']);
    expect(code).toBe(0);
    const steps = [...stdout.matchAll(/^ {2}\+ {3}(.*)$/gmu)].map(([, step]) => step);
    expect(steps.slice(-3)).toEqual([
      expect.stringMatching(/^release \w+ on shop-eu-west-1-1$/u),
      'renewal of certificates on shop-eu-west-1-1',
      'certificate https on shop-eu-west-1-1',
    ]);
  });

  test('serves what it can while the authority is not reached, and gets the certificate when it is', async () => {
    const first = await account.run(['up', '--yes']);
    expect(first).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('curl https://127.0.0.1:14000/dir') as string,
    });
    const { machine } = await account.machines.of('shop-eu-west-1-1');
    const answer = (options: string): string =>
      machine.sh(
        `curl -s ${options} --resolve shop.example.com:443:127.0.0.1 https://shop.example.com/ || echo "$?"`,
      );
    // nobody trusts what stands in
    expect([answer('-k'), answer('')]).toEqual(['one', '60']);
    await startPebble(machine);
    machine.sh('curl -sk https://127.0.0.1:15000/roots/0 >/run/root.pem');
    expect(await account.run(['up', '--yes'])).toMatchObject({ code: 0 });
    expect(answer('--cacert /run/root.pem')).toBe('one');
    const { certificates, remarks } = JSON.parse((await account.run(['status', '--json'])).stdout) as {
      certificates: unknown[];
      remarks: string[];
    };
    expect(certificates).toMatchObject([
      { name: 'https', node: 'shop-eu-west-1-1', hosts: ['shop.example.com'] },
    ]);
    expect(remarks.join()).not.toContain('certificate');
    expect(await account.run(['plan', '--check'])).toMatchObject({ code: 0 });
  });
});
