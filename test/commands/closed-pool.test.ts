import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateInstancesCommand, GetInstancesCommand, LightsailClient } from '@aws-sdk/client-lightsail';
import { beforeAll, describe, expect, test } from 'vitest';
import { SHOP } from '../fake-aws/lightsail/account.ts';
import { withoutMachines } from '../fake-aws/lightsail/machines/machines.ts';
import { get, type LightsailAccount, newLightsailAccount } from '../support/lightsail-account.ts';
import { until } from '../support/wait.ts';

/** A web server at the first boot, which tells its name. */
const webServer = (name: string): string => `#!/bin/sh
apt-get -q install nginx
rm -f /etc/nginx/sites-enabled/default
echo 'server { listen 80 default_server; location / { return 200 ${name}; } }' >/etc/nginx/conf.d/web.conf
nginx
`;

describe.skipIf(withoutMachines())('a balancer on Lightsail whose servers are found and closed', () => {
  let account: LightsailAccount;
  const names = ['web-1', 'web-2'];

  beforeAll(async () => {
    account = await newLightsailAccount();
    const { aws, machines } = account;
    const client = new LightsailClient({
      endpoint: aws.url,
      credentials: aws.credentials,
      region: 'eu-west-1',
    });
    for (const name of names)
      await client.send(
        new CreateInstancesCommand({ ...SHOP, instanceNames: [name], userData: webServer(name) }),
      );
    await until('the servers run', async () => {
      const { instances = [] } = await client.send(new GetInstancesCommand({}));
      return instances.every(({ state }) => state?.name === 'running');
    });
    for (const name of names) expect(await machines.firstBoot(name)).toMatchObject({ code: 0 });
    await writeFile(
      join(account.folder, 'lb.yaml'),
      `name: shop
provider: lightsail
regions: [eu-west-1]
lightsail: { ssh_from: [127.0.0.0/8] }
listeners: { http: { port: 80 } }
upstreams: { web: { discover: { lightsail: web-*, port: 80 } } }
lockdown: true
routes: [{ paths: { /: web } }]
`,
    );
  }, 60_000);

  const addressOf = (name: string) => account.instances().find((one) => one.name === name)!.publicIpAddress;
  const directly = () => Promise.all(names.map((name) => get(addressOf(name))));
  const throughBalancer = async () => {
    const answers = [];
    for (let index = 0; index < 6; index++) answers.push(await get(addressOf('shop-eu-west-1-1')));
    return [...new Set(answers)].toSorted();
  };

  test('serves by their private addresses, and nobody comes to them past it', async () => {
    expect(await directly()).toEqual(names);
    const { stdout } = await account.run(['plan']);
    expect(stdout).toMatch(
      /release .*~ {3}firewall web-1\n.*closes to the world: tcp 80\n.*firewall web-2/su,
    );
    const before = account.aws.calls.length;
    expect(await account.run(['up', '--yes'])).toMatchObject({ code: 0 });
    // one for all that is planned; one when the instance is there, and one to see that the servers are closed
    const calls = account.since(before);
    const lists = (some: readonly string[]) => some.filter((call) => call === 'GetInstances');
    expect(lists(calls.slice(0, calls.indexOf('CreateInstances')))).toHaveLength(1);
    expect(lists(calls.slice(calls.indexOf('TagResource')))).toHaveLength(2);
    expect(await throughBalancer()).toEqual(names);
    expect(await directly()).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
    const changes = account.aws.changes().length;
    expect(await account.run(['up', '--yes'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no changes') as string,
    });
    expect(account.aws.changes()).toHaveLength(changes);
  }, 60_000);

  test('takes one list of instances to find them, see the balancer, and see that they are closed', async () => {
    const callsOf = async (...args: string[]): Promise<string[]> => {
      const before = account.aws.calls.length;
      expect(await account.run(args)).toMatchObject({ code: 0 });
      return account.since(before).toSorted();
    };
    const once = ['GetInstanceAccessDetails', 'GetInstances', 'GetStaticIps'];
    expect(await callsOf('up', '--yes')).toEqual(once);
    expect(await callsOf('plan', '--check')).toEqual(once);
    expect(await callsOf('status')).toEqual(['GetBundles', ...once]);
    const [release] = /\b[0-9a-f]{16}\b/u.exec((await account.run(['releases'])).stdout)!;
    expect(await callsOf('diff', release)).toEqual(once);
  }, 60_000);

  test('opens them again, closes them again, and goes on serving', async () => {
    expect(await account.run(['lockdown', '--undo', '--yes'])).toMatchObject({ code: 0 });
    expect(await directly()).toEqual(names);
    expect(await throughBalancer()).toEqual(names);
    const { code, stderr } = await account.run(['lockdown', '--yes']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('2 instances are closed to the world')]);
    // the balancer was asked by what addresses it reaches them
    expect(stderr).not.toContain('cannot be asked');
    expect(await directly()).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
  }, 60_000);
});
