import type { ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { withoutMachines } from '../fake-aws/lightsail/machines/machines.ts';
import { get, type LightsailAccount, newLightsailAccount } from '../support/lightsail-account.ts';

describe.skipIf(withoutMachines())('a balancer on Lightsail', { timeout: 120_000 }, () => {
  let account: LightsailAccount;
  beforeAll(async () => {
    account = await newLightsailAccount();
    await account.write('one');
  }, 60_000);

  const only = () => account.instances()[0]!;

  test('is planned to its last step before anything is there', async () => {
    const { code, stdout, stderr } = await account.run(['plan']);
    expect(code).toBe(0);
    const steps = [...stdout.matchAll(/^ {2}\+ {3}(.*)$/gmu)].map(([, step]) => step);
    expect(steps).toEqual([
      'instance shop-eu-west-1-1',
      'static address shop-eu-west-1-ip-1',
      'firewall of shop-eu-west-1-1',
      'nginx on shop-eu-west-1-1',
      expect.stringMatching(/^release \w+ on shop-eu-west-1-1$/u),
    ]);
    expect(stderr).toContain('one instance for 7.00 USD a month');
    expect(account.aws.changes()).toEqual([]);
  });

  test('asks before it costs something', async () => {
    const run = await account.run(['up']);
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') as string });
    expect(account.aws.changes()).toEqual([]);
  });

  test('serves at its own address after one command', async () => {
    const planned = /release (\w+) on/u.exec((await account.run(['plan'])).stdout)![1];
    const before = account.aws.calls.length;
    const run = await account.run(['up', '--yes']);
    expect(run).toMatchObject({ code: 0 });
    expect(only().staticIp).toBe('shop-eu-west-1-ip-1');
    expect(await get(only().publicIpAddress)).toBe('one');
    const { machine } = await account.machines.of('shop-eu-west-1-1');
    expect(machine.sh('cat /etc/apt/apt.conf.d/20auto-upgrades')).toContain('Unattended-Upgrade "1"');
    expect(machine.sh('basename $(dirname $(readlink /etc/nginx/nginx.conf))')).toBe(planned);
    // what it takes from nothing, beside looks at what takes its time
    const calls = account.since(before);
    const looks = new Set(['GetInstances', 'GetOperation']);
    expect(calls.filter((call) => !looks.has(call)).toSorted()).toEqual([
      'AllocateStaticIp',
      'AttachStaticIp',
      'CreateInstances',
      'GetBlueprints',
      'GetBundles',
      'GetInstanceAccessDetails',
      'GetInstanceAccessDetails',
      'GetRegions',
      'GetStaticIps',
      'GetStaticIps',
      'PutInstancePublicPorts',
      'TagResource',
    ]);
    expect(calls.length).toBeLessThan(24);
  });

  test('leaves no keys behind', () => {
    expect(readdirSync(account.temporary)).toEqual([]);
  });

  test('has nothing left to do, and changes nothing', async () => {
    const before = account.aws.calls.length;
    const run = await account.run(['up', '--yes']);
    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('no changes') as string });
    expect(account.since(before).toSorted()).toEqual([
      'GetInstanceAccessDetails',
      'GetInstances',
      'GetStaticIps',
    ]);
    expect(await account.run(['plan', '--check'])).toMatchObject({ code: 0 });
  });

  test('tells what it is, and what it costs', async () => {
    const { stdout } = await account.run(['status', '--json']);
    const status = JSON.parse(stdout) as { nodes: { machine: object }[]; remarks: string[] };
    expect(status).toMatchObject({ running: true, nodes: [{ node: 'shop-eu-west-1-1', problem: null }] });
    expect(status.nodes[0]!.machine).toMatchObject({
      zone: 'eu-west-1a',
      size: 'micro_3_0',
      address: only().publicIpAddress,
      monthly: 7,
    });
    expect(status.remarks).toEqual(['the instances cost 7.00 USD a month']);
  });

  test('opens a port before its release comes, and closes one after it', async () => {
    await account.write('two', { listeners: 'http: { port: 8080 }' });
    const run = await account.run(['up', '--yes', '--watch', '0']);
    expect(run).toMatchObject({ code: 0 });
    expect(await get(only().publicIpAddress, 8080)).toBe('two');
    expect(await get(only().publicIpAddress)).toBe('ECONNREFUSED');
    const order = run.stderr.indexOf.bind(run.stderr);
    expect(order('+ tcp 8080 from everywhere')).toBeLessThan(order('~   release'));
    expect(order('- tcp 80 from everywhere')).toBeGreaterThan(order('~   release'));
    await account.write('one');
    expect(await account.run(['up', '--yes', '--watch', '0'])).toMatchObject({ code: 0 });
  });

  test('moves to an instance of another size, and keeps its address', async () => {
    const { publicIpAddress } = only();
    await account.write('three', { lightsail: 'bundle: nano' });
    const run = await account.run(['up', '--yes', '--watch', '0']);
    expect(run).toMatchObject({ code: 0 });
    expect(run.stderr).toContain('-/+ instance shop-eu-west-1-2');
    expect(account.instances()).toMatchObject([
      { name: 'shop-eu-west-1-2', bundleId: 'nano_3_0', publicIpAddress },
    ]);
    expect(await get(publicIpAddress)).toBe('three');
  });

  test('tells when its firewall is about to close behind the one who changes it', async () => {
    const file = join(account.folder, 'lb.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('127.0.0.0/8', '198.51.100.0/24'));
    const { stdout, stderr } = await account.run(['plan']);
    expect(stdout).toContain('- tcp 22 from 127.0.0.0/8');
    expect(stderr).toMatch(/! you come from \S+, which ssh_from of lightsail does not let in/u);
    await writeFile(file, text.replace('127.0.0.0/8', '0.0.0.0/0'));
    const open = await account.run(['plan']);
    expect(open.stdout).toContain('+ tcp 22 from everywhere');
    expect(open.stderr).not.toContain('you come from');
  });

  test('takes releases as other machines do', async () => {
    await account.write('four', { lightsail: 'bundle: nano' });
    expect(await account.run(['deploy', '--yes', '--watch', '0'])).toMatchObject({ code: 0 });
    expect(await get(only().publicIpAddress)).toBe('four');
    const { stdout } = await account.run(['releases', '--json']);
    expect((JSON.parse(stdout) as { nodes: { node: string }[] }).nodes).toMatchObject([
      { node: 'shop-eu-west-1-2' },
    ]);
    expect(await account.run(['rollback', '--yes', '--watch', '0'])).toMatchObject({ code: 0 });
    expect(await get(only().publicIpAddress)).toBe('three');
  });

  test('killed where a machine has just been set up, is finished by the next run, and leaves no key', async () => {
    expect(await account.run(['down', '--yes'])).toMatchObject({ code: 0 });
    let running: ChildProcess | undefined;
    const onStrike = (): void => void running?.kill('SIGKILL');
    const struck = account.aws.fail({ fault: { slow: 1 }, operation: 'TagResource', onStrike });
    const watch = (child: ChildProcess): void => void (running = child);
    expect(await account.run(['up', '--yes'], { watch })).toMatchObject({ signal: 'SIGKILL' });
    expect(struck.count()).toBe(1);
    await expect.poll(() => readdirSync(account.temporary), { timeout: 10_000 }).toEqual([]);
    expect(await account.run(['up', '--yes', '--watch', '0'])).toMatchObject({ code: 0 });
    expect(account.instances()).toHaveLength(1);
    expect(account.lightsail.inventory().orphans).toEqual([]);
    expect(await get(only().publicIpAddress)).toBe('four');
  });

  test('is gone after down, with nothing left that costs', async () => {
    expect(await account.run(['down', '--yes'])).toMatchObject({ code: 0 });
    expect(account.lightsail.inventory()).toMatchObject({ instances: [], staticIps: [], monthly: 0 });
    expect(await account.run(['down', '--yes'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('nothing is there') as string,
    });
  });
});
