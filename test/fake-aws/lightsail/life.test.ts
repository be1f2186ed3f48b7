import {
  AllocateStaticIpCommand,
  AttachStaticIpCommand,
  CreateInstancesCommand,
  DeleteInstanceCommand,
  DetachStaticIpCommand,
  GetInstanceCommand,
  GetOperationCommand,
  GetStaticIpCommand,
  ReleaseStaticIpCommand,
  StopInstanceCommand,
} from '@aws-sdk/client-lightsail';
import { describe, expect, it } from 'vitest';
import { SHOP, startAccount, startInstance } from './account.ts';

const [instanceName, staticIpName] = ['shop-1', 'shop-1-ip'];

describe('the life of an instance', () => {
  it('is pending, runs, has a static IP, and leaves it behind', async () => {
    const account = await startAccount();
    const { client, lightsail, aws } = account;
    const empty = aws.digest();
    const tags = [{ key: 'lbctl', value: 'shop' }];
    const { operations } = await client.send(new CreateInstancesCommand({ ...SHOP, tags }));
    expect(operations).toMatchObject([
      { operationType: 'CreateInstance', resourceName: instanceName, status: 'Started', isTerminal: false },
    ]);
    const seen = [];
    for (let time = 0; time < 3; time++)
      seen.push((await client.send(new GetInstanceCommand({ instanceName }))).instance!);
    expect(seen.map(({ state }) => state)).toStrictEqual([
      { code: 0, name: 'pending' },
      { code: 16, name: 'running' },
      { code: 16, name: 'running' },
    ]);
    expect(seen[2]).toMatchObject({
      location: { availabilityZone: 'eu-west-1a', regionName: 'eu-west-1' },
      username: 'admin',
      isStaticIp: false,
      ipAddressType: 'dualstack',
      createdAt: expect.any(Date),
      tags,
      hardware: { cpuCount: 2, ramSizeInGb: 0.5 },
    });
    const { id: operationId } = operations![0]!;
    const statuses = [];
    for (let time = 0; time < 2; time++)
      statuses.push((await client.send(new GetOperationCommand({ operationId }))).operation!.status);
    expect(statuses).toStrictEqual(['Started', 'Succeeded']);

    await client.send(new AllocateStaticIpCommand({ staticIpName }));
    expect(lightsail.inventory()).toMatchObject({ orphans: ['eu-west-1/shop-1-ip'], monthly: 8.65 });
    await client.send(new AttachStaticIpCommand({ staticIpName, instanceName }));
    const { staticIp } = await client.send(new GetStaticIpCommand({ staticIpName }));
    const { instance } = await client.send(new GetInstanceCommand({ instanceName }));
    expect(staticIp).toMatchObject({ isAttached: true, attachedTo: instanceName });
    expect(instance).toMatchObject({ isStaticIp: true, publicIpAddress: staticIp!.ipAddress });
    expect(seen[2]!.publicIpAddress).not.toBe(staticIp!.ipAddress);
    expect(lightsail.inventory()).toMatchObject({ orphans: [], monthly: 5 });

    await client.send(new DeleteInstanceCommand({ instanceName }));
    await expect(client.send(new GetInstanceCommand({ instanceName }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    expect(lightsail.inventory()).toMatchObject({ orphans: ['eu-west-1/shop-1-ip'], monthly: 3.65 });
    await client.send(new ReleaseStaticIpCommand({ staticIpName }));
    expect(aws.digest()).toBe(empty);
  });

  it('loses its address when it stops, and not a static one', async () => {
    const account = await startAccount();
    const { client, call } = account;
    await startInstance(account);
    const look = async () => (await client.send(new GetInstanceCommand({ instanceName }))).instance!;
    const first = (await look()).publicIpAddress;
    await client.send(new StopInstanceCommand({ instanceName }));
    expect(await look()).toMatchObject({ state: { name: 'stopping' } });
    const stopped = await look();
    expect([stopped.state!.name, stopped.publicIpAddress]).toStrictEqual(['stopped', undefined]);
    await expect(call('RebootInstance', { instanceName })).rejects.toMatchObject({
      name: 'OperationFailureException',
    });
    await call('StartInstance', { instanceName });
    expect((await look()).publicIpAddress).not.toBe(first);
    await look();
    await call('AllocateStaticIp', { staticIpName });
    await call('AttachStaticIp', { staticIpName, instanceName });
    const kept = (await look()).publicIpAddress;
    await client.send(new StopInstanceCommand({ instanceName }));
    expect((await look()).publicIpAddress).toBe(kept);
    await client.send(new DetachStaticIpCommand({ staticIpName }));
    expect((await look()).publicIpAddress).toBeUndefined();
  });

  it('takes as long as a test says, or for ever', async () => {
    const account = await startAccount({ waits: { start: { ms: 60 } } });
    await startInstance(account);
    const [first] = account.lightsail.state().instances;
    expect(Date.now() - first!.createdAt.getTime()).toBeGreaterThanOrEqual(60);
    account.lightsail.settings.waits.start = 'never';
    await account.call('CreateInstances', { ...SHOP, instanceNames: ['shop-2'] });
    for (let time = 0; time < 5; time++)
      expect(await account.call('GetInstanceState', { instanceName: 'shop-2' })).toMatchObject({
        state: { name: 'pending' },
      });
  });

  it('has operations that come to nothing', async () => {
    const account = await startAccount();
    const { call, lightsail, aws } = account;
    const before = aws.digest();
    lightsail.failOperation('CreateInstance', 'There is no capacity in eu-west-1a', 'InsufficientCapacity');
    const { operations } = await call('CreateInstances', SHOP);
    const [{ id: operationId }] = operations as [{ id: string }];
    await call('GetOperation', { operationId });
    expect(await call('GetOperation', { operationId })).toMatchObject({
      operation: { status: 'Failed', isTerminal: true, errorCode: 'InsufficientCapacity' },
    });
    expect(aws.digest()).toBe(before);
    await startInstance(account);
  });
});
