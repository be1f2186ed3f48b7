import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { expect, test } from 'vitest';
import { withoutMachines } from '../fake-aws/lightsail/machines/machines.ts';
import { newLightsailAccount } from '../support/lightsail-account.ts';
import { startPebble } from '../support/pebble.ts';
import { without } from '../support/tools.ts';

const HOST = 'shop.example.com';
/** In the private network, beside the instances. */
const AUTHORITY = '172.26.200.1';

test.skipIf(without('openssl', 'pebble', 'certbot') || withoutMachines())(
  'from nothing to an answer by HTTPS that is to be trusted, by one command',
  async () => {
    const account = await newLightsailAccount();
    const authority = await account.machines.beside('eu-west-1', AUTHORITY);
    const pebble = await startPebble(authority, { address: AUTHORITY });
    account.machines.trust(pebble.vouching);
    const acme = `acme: { email: ops@example.com, directory: "${pebble.directory}" }`;
    await account.write('one', {
      listeners: `http: { port: 80, redirect: https }, https: { port: 443, tls: { ${acme} } }`,
      hosts: HOST,
    });
    const running = account.run(['up', '--yes', '--watch', '0']);
    // the name leads to the instance as soon as there is one
    await account.machines.of('shop-eu-west-1-1');
    pebble.lead(HOST, account.lightsail.state().instances[0]!.privateIpAddress);
    const up = await running;
    expect(up).toMatchObject({ code: 0 });
    const { publicIpAddress: address = '' } = account.instances()[0]!;
    const roots = authority.sh('curl -sk https://127.0.0.1:15000/roots/0');
    expect(await ask(https, address, roots)).toBe('200 one');
    expect(await ask(http, address)).toBe(`301 to https://${HOST}/`);
    const orders = pebble.orders();
    const [changes, digest] = [account.aws.changes().length, account.aws.digest()];
    const again = await account.run(['up', '--yes']);
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('no changes') as string });
    expect([account.aws.changes().length, account.aws.digest()]).toEqual([changes, digest]);
    expect(pebble.orders()).toBe(orders);
  },
);

/** What the host answers at an address; by HTTPS, to who trusts these authorities alone. */
function ask(by: typeof https, address: string, ca = ''): Promise<string> {
  const options = { host: address, servername: HOST, headers: { host: HOST }, ca, agent: false } as const;
  return new Promise((resolve, reject) => {
    by(options, (response) => {
      let body = '';
      const { statusCode, headers } = response;
      response
        .on('data', (chunk: Buffer) => (body += chunk.toString()))
        .on('end', () => resolve(`${statusCode} ${headers.location ? `to ${headers.location}` : body}`));
    })
      .on('error', reject)
      .end();
  });
}
