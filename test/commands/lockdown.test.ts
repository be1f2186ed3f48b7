import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { atEnd } from '../support/lifetime.ts';
import { ended } from '../support/pool.ts';
import { type PoolInstances, startInstances } from '../support/pool-instances.ts';
import { freePort } from '../support/ports.ts';
import { without } from '../support/tools.ts';

/** A balancer on this machine in front of instances. */
async function newShop(pool: PoolInstances) {
  const [folder, port] = [await temporaryFolder(), await freePort()];
  const write = (servers: string, more = ''): void =>
    writeFileSync(
      join(folder, 'lb.yaml'),
      `name: shop\nlisteners: { http: { port: ${port} } }\nupstreams: { web: ${servers} }\nroutes: [{ paths: { /: web } }]\n${more}`,
    );
  write('{ discover: { lightsail: web-*, port: 8080 } }');
  const run = (args: string, more: Partial<Parameters<typeof lbctl>[1]> = {}) =>
    lbctl(args.split(' '), { cwd: folder, env: pool.env, ...more });
  return { run, write };
}

describe('lbctl lockdown', () => {
  test('shows what it closes, asks, closes it, and opens it again', async () => {
    const pool = await startInstances(['web-1', 'web-2', 'db-1']);
    const { run } = await newShop(pool);
    const asked = await run('lockdown');
    expect(asked).toMatchObject(
      ended(
        2,
        '~   firewall web-1',
        'of web, in eu-west-1',
        'closes to the world: tcp 80, tcp 443',
        'stays open: tcp 22 from everywhere',
        `! who comes to ${pool.instance('web-1').dynamicIp} past the balancer`,
        '~   firewall web-2',
        'Plan: 0 to create, 2 to change, 0 to delete.',
        'pass --yes',
      ),
    );
    expect(asked.stderr).not.toContain('db-1');
    expect(pool.open('web-1')).toHaveLength(3);
    expect(await run('lockdown --yes')).toMatchObject(
      ended(0, 'web-1: closed', 'web-2: closed', '2 instances are closed'),
    );
    expect(pool.open('web-1')).toEqual(['tcp 22 0.0.0.0/0 ::/0']);
    expect(await run('lockdown --yes')).toMatchObject(ended(0, 'no changes'));
    const { stdout, code } = await run('lockdown --undo --yes --json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      name: 'shop',
      changed: true,
      steps: [{ action: 'change', resource: 'firewall', name: 'web-1' }, { name: 'web-2' }],
      summary: { change: 2 },
      remarks: [],
    });
    expect(pool.open('web-1')).toHaveLength(3);
    expect(await run('lockdown --undo')).toMatchObject(ended(0, 'no changes'));
  });

  test('is finished by the next run where it was killed', async () => {
    const pool = await startInstances(['web-1', 'web-2']);
    const { run } = await newShop(pool);
    // the tag is written by then, and the port still open
    let kill: (() => void) | undefined;
    pool.aws.fail({ fault: { slow: 0 }, operation: 'TagResource', skip: 1, onStrike: () => kill?.() });
    const killed = await run('lockdown --yes', { watch: (child) => (kill = () => child.kill('SIGKILL')) });
    expect(killed.signal).toBe('SIGKILL');
    expect([pool.open('web-1').length, pool.open('web-2').length]).toEqual([1, 3]);
    expect(await run('lockdown --yes')).toMatchObject(ended(0, 'web-2 is closed to the world'));
    expect(pool.open('web-2')).toHaveLength(1);
    expect(await run('lockdown --undo --yes')).toMatchObject({ code: 0 });
    expect([pool.open('web-1').length, pool.open('web-2').length]).toEqual([3, 3]);
  });

  test('says where there is nothing to close', async () => {
    const pool = await startInstances(['db-1']);
    const { run } = await newShop(pool);
    expect(await run('lockdown')).toMatchObject(ended(3, 'no instance of Lightsail is behind shop', 'hint:'));
  });
});

describe.skipIf(without('nginx', 'curl'))('lbctl lockdown of a balancer that runs', () => {
  test('is refused while what it serves comes to the servers from outside', async () => {
    const pool = await startInstances(['web-1']);
    const { run, write } = await newShop(pool);
    atEnd(async () => void (await run('down --yes')));
    Object.assign(pool.instance('web-1'), { dynamicIp: '127.0.0.9' });
    const { privateIpAddress } = pool.instance('web-1');
    write('["127.0.0.9:8080"]');
    expect(await run('up')).toMatchObject({ code: 0 });
    expect(await run('lockdown --yes')).toMatchObject(
      ended(3, 'reaches its servers by public addresses: upstream web'),
    );
    write(`["${privateIpAddress}:8080"]`);
    expect(await run('lockdown --yes')).toMatchObject(
      ended(3, 'what serves now reaches 127.0.0.9:8080 of web from outside', 'hint:', 'lbctl deploy'),
    );
    expect(pool.open('web-1')).toHaveLength(3);
  }, 30_000);

  test('comes with up where lb.yaml asks for it, once the release serves', async () => {
    const pool = await startInstances(['web-1', 'web-2']);
    const { run, write } = await newShop(pool);
    atEnd(async () => void (await run('down --yes')));
    write('{ discover: { lightsail: web-*, port: 8080 } }', 'lockdown: true\n');
    const planned = await run('plan');
    expect(planned.stdout).toMatch(
      /\+ {3}release .*firewall web-1.*firewall web-2.*1 to create, 2 to change/su,
    );
    expect(await run('up --yes')).toMatchObject(ended(0, 'stays', '2 instances are closed to the world'));
    expect(pool.open('web-2')).toEqual(['tcp 22 0.0.0.0/0 ::/0']);
    const changes = pool.aws.changes().length;
    expect(await run('up')).toMatchObject(ended(0, 'no changes'));
    expect(pool.aws.changes()).toHaveLength(changes);
    const portInfo = { fromPort: 80, toPort: 80, protocol: 'tcp' };
    await pool.call('OpenInstancePublicPorts', { instanceName: 'web-2', portInfo });
    expect((await run('status')).stdout).toContain('! web-2 is open to the world: lbctl up closes it');
    expect(await run('up')).toMatchObject(
      ended(2, 'opened by somebody since lbctl closed it: tcp 80', '--yes'),
    );
    expect(await run('up --yes')).toMatchObject(ended(0, 'web-2 is closed to the world'));
    expect(await run('down --yes')).toMatchObject(
      ended(0, 'stay closed to the world: lbctl lockdown --undo'),
    );
    expect(await run('lockdown --undo --yes')).toMatchObject({ code: 0 });
    expect(pool.open('web-2')).toHaveLength(3);
  }, 60_000);
});

test('what lockdown needs is in the policy of a balancer that asks for it', async () => {
  const pool = await startInstances(['web-1']);
  const { run, write } = await newShop(pool);
  const more = 'provider: lightsail\nlightsail: { ssh_from: [203.0.113.7] }\n';
  const discover = '{ discover: { lightsail: { name: web-*, region: eu-central-1 }, port: 8080 } }';
  const policy = async () => (await run('up --iam-policy')).stdout;
  write(discover, more);
  expect(await policy()).not.toMatch(/UntagResource|GetInstancePortStates|eu-central-1/u);
  write(discover, `${more}lockdown: true\n`);
  const { Statement } = JSON.parse(await policy()) as {
    Statement: { Action: string[]; Condition?: object }[];
  };
  expect(Statement[0]!.Action).toContain('lightsail:GetInstancePortStates');
  expect(Statement[1]).toMatchObject({
    Action: expect.arrayContaining([
      'lightsail:UntagResource',
      'lightsail:PutInstancePublicPorts',
    ]) as string[],
    Condition: { StringEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] } },
  });
});
