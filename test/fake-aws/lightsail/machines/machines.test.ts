import { spawn } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { GetInstanceAccessDetailsCommand, type InstanceAccessDetails } from '@aws-sdk/client-lightsail';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../support/folder.ts';
import { until } from '../../../support/wait.ts';
import { type Account, startAccount, startInstance } from '../account.ts';
import { realMachines, type RealMachines, withoutMachines } from './machines.ts';

const USER_DATA = `#!/bin/false is not looked at
apt-get -q install nginx
echo 'server { listen 80 default_server; location / { return 200 "$server_addr\\n"; } }' >/etc/nginx/conf.d/first.conf
rm -f /etc/nginx/sites-enabled/default
nginx && echo 'NGINX is up'
exit 7
`;

describe.skipIf(withoutMachines())('instances with machines', () => {
  let account: Account;
  let machines: RealMachines;
  const instanceName = 'shop-1';

  beforeAll(async () => {
    machines = await realMachines();
    account = await startAccount({ machines });
    await startInstance(account, { userData: USER_DATA });
    await machines.firstBoot(instanceName);
  });

  const look = async (name = instanceName): Promise<Record<string, string>> =>
    (await account.call('GetInstance', { instanceName: name }))['instance'] as Record<string, string>;

  it('run their user data as root, and tell how it went', async () => {
    expect(await machines.firstBoot(instanceName)).toStrictEqual({
      code: 7,
      output: expect.stringMatching(/NGINX is up\n$/u),
    });
    const { machine } = await machines.of(instanceName);
    expect(machine.sh('cat /var/log/apt-get.log')).toBe('-q install nginx');
  });

  it('serve what their firewall lets through, at their public address', async () => {
    const { publicIpAddress, privateIpAddress } = await look();
    expect(await get(publicIpAddress!)).toBe(`${privateIpAddress}\n`);
    const ssh = { fromPort: 22, toPort: 22, protocol: 'tcp' };
    const http = { fromPort: 80, toPort: 80, protocol: 'tcp' };
    await account.call('PutInstancePublicPorts', { instanceName, portInfos: [ssh] });
    expect(await get(publicIpAddress!)).toBe('ECONNREFUSED');
    const others = [ssh, { ...http, cidrs: ['198.51.100.0/24'] }];
    await account.call('PutInstancePublicPorts', { instanceName, portInfos: others });
    expect(await get(publicIpAddress!)).toBe('ECONNRESET');
    const portInfos = [ssh, { ...http, cidrs: ['127.0.0.0/8'] }];
    await account.call('PutInstancePublicPorts', { instanceName, portInfos });
    expect(await get(publicIpAddress!)).toBe(`${privateIpAddress}\n`);
  });

  it('are logged in to with their certificate and their host keys, by a user who may do all by sudo', async () => {
    const details = await keys(account, instanceName);
    expect(await ssh(details, 'sudo -n id -un; id -un')).toStrictEqual(['root\nadmin\n', 0]);
    const stranger = { ...details, username: 'root' };
    expect((await ssh(stranger, 'true'))[1]).toBe(255);
    const without = { ...details, certKey: '' };
    expect((await ssh(without, 'true'))[1]).toBe(255);
  });

  it('move to their static IP', async () => {
    const { publicIpAddress: before } = await look();
    await account.call('AllocateStaticIp', { staticIpName: 'ip' });
    await account.call('AttachStaticIp', { staticIpName: 'ip', instanceName });
    const { publicIpAddress: after, privateIpAddress } = await look();
    expect(await get(after!)).toBe(`${privateIpAddress}\n`);
    expect(await get(before!)).toBe('ECONNREFUSED');
  });

  it('reach each other by their private addresses, whatever the firewalls say', async () => {
    await startInstance(account, { instanceNames: ['shop-2'] });
    await account.call('PutInstancePublicPorts', { instanceName, portInfos: [] });
    const { privateIpAddress } = await look();
    const { machine } = await machines.of('shop-2');
    expect(machine.sh(`curl -s http://${privateIpAddress}/`)).toBe(privateIpAddress);
    await account.call('DeleteInstance', { instanceName: 'shop-2' });
    await until('the machine is gone', () => {
      try {
        machine.sh('true');
        return false;
      } catch {
        return true;
      }
    });
    expect(account.lightsail.inventory().instances).toHaveLength(1);
  });

  it('of the blueprint nginx have the NGINX of Bitnami, where it has it', async () => {
    await startInstance(account, { instanceNames: ['shop-3'], blueprintId: 'nginx' });
    expect(await get((await look('shop-3'))['publicIpAddress']!)).toContain('Bitnami');
    const { machine } = await machines.of('shop-3');
    expect(machine.sh('/opt/bitnami/nginx/sbin/nginx -V 2>&1')).toMatch(
      /^configure arguments: --prefix=\/opt\/bitnami\/nginx (?!.*-path=)/mu,
    );
    machine.sh('/opt/bitnami/ctlscript.sh restart nginx');
    expect(machine.sh('ps -A -o args=')).toContain('nginx: master process /opt/bitnami/nginx/sbin/nginx');
    expect(() => machine.sh('command -v nginx')).toThrow(/^command -v nginx: $/u);
  });

  it('keep their disks when they are rebooted or stopped, start NGINX again, and run user data once', async () => {
    const first = await machines.of(instanceName);
    first.machine.sh('echo kept >/etc/note');
    const http = { fromPort: 80, toPort: 80, protocol: 'tcp' };
    await account.call('PutInstancePublicPorts', { instanceName, portInfos: [http] });
    await account.call('RebootInstance', { instanceName });
    const second = await until('it is up again', async () => {
      const computer = await machines.of(instanceName);
      return computer !== first && computer;
    });
    expect(second.machine.sh('cat /etc/note; wc -l </var/log/apt-get.log')).toBe('kept\n1');
    expect(second.hostKeys).toStrictEqual(first.hostKeys);
    await account.call('StopInstance', { instanceName });
    await until('it stops', async () => (await state()) === 'stopped');
    // its processes end a moment after it is told so
    await expect.poll(() => refused(() => second.machine.sh('true'))).toMatch(/^true: /u);
    await account.call('StartInstance', { instanceName });
    await until('it runs', async () => (await state()) === 'running', 30_000);
    const third = await machines.of(instanceName);
    expect(third.machine.sh('cat /etc/note')).toBe('kept');
    const { publicIpAddress, privateIpAddress } = await look();
    expect(await get(publicIpAddress!)).toBe(`${privateIpAddress}\n`);
  });

  const state = async (): Promise<string> =>
    ((await account.call('GetInstanceState', { instanceName }))['state'] as { name: string }).name;
});

/** Why something cannot be done; undefined where it can. */
function refused(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function get(address: string): Promise<string> {
  return new Promise((resolve) => {
    request({ host: address, port: 80, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString())).on('end', () => resolve(body));
    })
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code!))
      .end();
  });
}

async function keys({ client }: Account, instanceName: string): Promise<InstanceAccessDetails> {
  const { accessDetails } = await client.send(new GetInstanceAccessDetailsCommand({ instanceName }));
  return accessDetails!;
}

async function ssh(details: InstanceAccessDetails, command: string): Promise<[string, number | null]> {
  const folder = await temporaryFolder();
  const file = (name: string): string => join(folder, name);
  await writeFile(file('key'), details.privateKey!);
  await chmod(file('key'), 0o600);
  if (details.certKey) await writeFile(file('key-cert.pub'), details.certKey);
  const known = details.hostKeys!.map(
    ({ algorithm, publicKey }) => `${details.ipAddress} ${algorithm} ${publicKey}`,
  );
  await writeFile(file('hosts'), `${known.join('\n')}\n`);
  const options = [
    ['IdentitiesOnly', 'yes'],
    ['IdentityAgent', 'none'],
    ['StrictHostKeyChecking', 'yes'],
    ['UserKnownHostsFile', file('hosts')],
    ['GlobalKnownHostsFile', '/dev/null'],
    ['BatchMode', 'yes'],
  ].flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const place = `${details.username}@${details.ipAddress}`;
  // the server answers from the process that waits here, so that it must not be blocked
  const child = spawn('ssh', ['-F', 'none', '-i', file('key'), ...options, place, command], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve([output, code])));
}
