import {
  AllocateStaticIpCommand,
  AttachStaticIpCommand,
  CreateInstancesCommand,
  DeleteInstanceCommand,
  DetachStaticIpCommand,
  GetInstanceAccessDetailsCommand,
  GetInstanceCommand,
  GetInstanceMetricDataCommand,
  GetInstancePortStatesCommand,
  GetInstancesCommand,
  GetOperationCommand,
  GetStaticIpCommand,
  PutInstancePublicPortsCommand,
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

describe('firewall', () => {
  const open = async (account: Awaited<ReturnType<typeof startAccount>>): Promise<unknown[]> => {
    const { portStates } = await account.client.send(new GetInstancePortStatesCommand({ instanceName }));
    return portStates!.map(({ fromPort, cidrs, state }) => [fromPort, ...cidrs!, state]).toSorted();
  };
  const everyone = '0.0.0.0/0';

  it.each([
    ['debian_12', [22, 80]],
    ['nginx', [22, 443, 80]],
  ])('of %s opens %j at first', async (blueprintId, ports) => {
    const account = await startAccount();
    await startInstance(account, { blueprintId });
    expect(await open(account)).toStrictEqual(ports.map((port) => [port, everyone, 'open']));
  });

  it('closes what is not put, and opens and closes one by one', async () => {
    const account = await startAccount();
    await startInstance(account);
    const { call, client } = account;
    const protocol = 'tcp' as const;
    const portInfos = [
      { fromPort: 443, toPort: 443, protocol },
      { fromPort: 22, toPort: 22, protocol, cidrs: ['198.51.100.7/32'], ipv6Cidrs: [] },
    ];
    await client.send(new PutInstancePublicPortsCommand({ instanceName, portInfos }));
    const put = [
      [22, '198.51.100.7/32', 'open'],
      [443, everyone, 'open'],
    ];
    expect(await open(account)).toStrictEqual(put);
    const portInfo = { fromPort: 8080, toPort: 8081, protocol };
    await call('OpenInstancePublicPorts', { instanceName, portInfo });
    expect(await open(account)).toStrictEqual([...put, [8080, everyone, 'open']]);
    await call('CloseInstancePublicPorts', { instanceName, portInfo });
    expect(await open(account)).toStrictEqual(put);
    const { instance } = await client.send(new GetInstanceCommand({ instanceName }));
    expect(instance!.networking!.ports).toMatchObject([
      { fromPort: 443, accessFrom: 'Anywhere (0.0.0.0/0)', ipv6Cidrs: ['::/0'] },
      { fromPort: 22, accessFrom: 'Custom', ipv6Cidrs: [] },
    ]);
  });
});

describe('lists', () => {
  it('come in pages, of the region that is asked', async () => {
    const account = await startAccount();
    const { client, clientIn, call, lightsail } = account;
    lightsail.settings.pageSize = 2;
    const instanceNames = ['a1', 'a2', 'a3'];
    await call('CreateInstances', { ...SHOP, instanceNames });
    const there = { ...SHOP, availabilityZone: 'us-east-1f' };
    await call('CreateInstances', { ...there, instanceNames: ['a1'] }, 'us-east-1');
    const first = await client.send(new GetInstancesCommand());
    expect(first.instances!.map(({ name }) => name)).toStrictEqual(['a1', 'a2']);
    const { nextPageToken: pageToken } = first;
    const second = await client.send(new GetInstancesCommand({ pageToken }));
    expect([second.instances!.map(({ name }) => name), second.nextPageToken]).toStrictEqual([
      ['a3'],
      undefined,
    ]);
    const elsewhere = await clientIn('us-east-1').send(new GetInstancesCommand());
    expect(elsewhere.instances!.map(({ location }) => location!.availabilityZone)).toStrictEqual([
      'us-east-1f',
    ]);
    await expect(client.send(new GetInstancesCommand({ pageToken: 'nonsense' }))).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
    const pages: number[] = [];
    for (let token: unknown; pages.length === 0 || token !== undefined;) {
      const answer = await call('GetOperations', { pageToken: token });
      pages.push((answer['operations'] as unknown[]).length);
      token = answer['nextPageToken'];
    }
    expect(pages).toStrictEqual([2, 1]);
  });

  it('have prices of bundles, which are other ones in some regions', async () => {
    const { call, lightsail } = await startAccount();
    lightsail.settings.pageSize = 50;
    const prices = async (region: string): Promise<Record<string, number>> => {
      const { bundles } = await call('GetBundles', {}, region);
      const all = bundles as { bundleId: string; price: number }[];
      return Object.fromEntries(all.map(({ bundleId, price }) => [bundleId, price]));
    };
    expect(await prices('eu-west-1')).toMatchObject({ nano_3_0: 5, nano_ipv6_3_0: 3.5, micro_3_0: 7 });
    expect(await prices('ap-south-1')).toMatchObject({ nano_3_1: 5 });
  });

  it('of blueprints leave out what cannot be made any more, unless they are asked for it', async () => {
    const { call } = await startAccount();
    const active = await call('GetBlueprints');
    const all = await call('GetBlueprints', { includeInactive: true });
    const ids = (answer: Record<string, unknown>): unknown[] =>
      (answer['blueprints'] as { blueprintId: string }[]).map(({ blueprintId }) => blueprintId);
    expect(ids(active)).toContain('nginx');
    expect(ids(active)).not.toContain('debian_10');
    expect(ids(all)).toContain('debian_10');
  });

  it('of regions have zones where they are wanted', async () => {
    const { call } = await startAccount();
    const zones = async (input: object): Promise<unknown> => {
      const { regions } = await call('GetRegions', input);
      return (regions as { name: string; availabilityZones: unknown[] }[]).find(
        ({ name }) => name === 'eu-west-1',
      )!.availabilityZones;
    };
    expect(await zones({})).toStrictEqual([]);
    expect(await zones({ includeAvailabilityZones: true })).toContainEqual({
      zoneName: 'eu-west-1c',
      state: 'available',
    });
  });
});

describe('what belongs to an instance', () => {
  it('is reached by keys that are real, once the host keys were seen', async () => {
    const account = await startAccount({ waits: { hostKeys: 1 } });
    await startInstance(account);
    const keys = async () =>
      (await account.client.send(new GetInstanceAccessDetailsCommand({ instanceName }))).accessDetails!;
    expect((await keys()).hostKeys).toStrictEqual([]);
    const details = await keys();
    expect(details).toMatchObject({
      username: 'admin',
      protocol: 'ssh',
      privateKey: expect.stringContaining('BEGIN OPENSSH PRIVATE KEY'),
      certKey: expect.stringMatching(/^ssh-ed25519-cert-v01@openssh\.com /u),
      hostKeys: [{ algorithm: 'ssh-ed25519', fingerprintSHA256: expect.stringMatching(/^SHA256:/u) }],
    });
    expect(details.expiresAt!.getTime()).toBeGreaterThan(Date.now());
  });

  it('has tags, add-ons and snapshots', async () => {
    const account = await startAccount();
    const { call, lightsail } = account;
    await startInstance(account, {
      tags: [{ key: 'a', value: '1' }],
      addOns: [{ addOnType: 'AutoSnapshot' }],
    });
    const tags = [
      { key: 'a', value: '2' },
      { key: 'b', value: '' },
    ];
    await call('TagResource', { resourceName: instanceName, tags });
    await call('UntagResource', { resourceName: instanceName, tagKeys: ['b', 'c'] });
    await call('EnableAddOn', {
      resourceName: instanceName,
      addOnRequest: { addOnType: 'AutoSnapshot', autoSnapshotAddOnRequest: { snapshotTimeOfDay: '03:00' } },
    });
    expect(await call('GetAutoSnapshots', { resourceName: instanceName })).toMatchObject({
      autoSnapshots: [],
    });
    await call('CreateInstanceSnapshot', { instanceName, instanceSnapshotName: 'shop-1-before' });
    expect(lightsail.inventory()).toMatchObject({
      instances: [
        { tags: [{ key: 'a', value: '2' }], addOns: [{ status: 'Enabled', snapshotTimeOfDay: '03:00' }] },
      ],
      snapshots: [{ name: 'shop-1-before', sizeInGb: 20 }],
      orphans: [],
      monthly: 6,
    });
    const states = [];
    for (let time = 0; time < 2; time++) {
      const { instanceSnapshots } = await call('GetInstanceSnapshots');
      states.push((instanceSnapshots as { state: string }[])[0]!.state);
    }
    expect(states).toStrictEqual(['pending', 'available']);
    await expect(call('DeleteInstance', { instanceName })).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
    await call('DeleteInstance', { instanceName, forceDeleteAddOns: true });
    expect(lightsail.inventory()).toMatchObject({ orphans: ['eu-west-1/shop-1-before'], monthly: 1 });
    await call('DeleteInstanceSnapshot', { instanceSnapshotName: 'shop-1-before' });
    expect(lightsail.inventory()).toMatchObject({ snapshots: [], monthly: 0 });
  });

  it('has metrics, and operations of its own', async () => {
    const account = await startAccount();
    await startInstance(account);
    const { metricData } = await account.client.send(
      new GetInstanceMetricDataCommand({
        instanceName,
        metricName: 'CPUUtilization',
        unit: 'Percent',
        statistics: ['Average', 'Maximum'],
        period: 300,
        startTime: new Date(1_800_000_000_000),
        endTime: new Date(1_800_000_900_000),
      }),
    );
    expect(metricData).toHaveLength(3);
    expect(metricData![1]).toStrictEqual({
      average: 1,
      maximum: 1,
      timestamp: new Date(1_800_000_300_000),
      unit: 'Percent',
    });
    expect(await account.call('GetOperationsForResource', { resourceName: instanceName })).toMatchObject({
      operations: [{ operationType: 'CreateInstance' }],
    });
    expect(await account.call('IsVpcPeered')).toStrictEqual({ isPeered: false });
  });
});

it('has DNS zones at one place only', async () => {
  const { call, lightsail } = await startAccount();
  const domainName = 'example.com';
  await call('CreateDomain', { domainName }, 'us-east-1');
  const domainEntry = { name: '_acme-challenge.example.com', type: 'TXT', target: '"token"' };
  await call('CreateDomainEntry', { domainName, domainEntry }, 'us-east-1');
  const { domain } = await call('GetDomain', { domainName }, 'us-east-1');
  const { domainEntries } = domain as { domainEntries: { id: string }[] };
  expect(domainEntries).toMatchObject([domainEntry]);
  const changed = { ...domainEntries[0]!, target: '"other"' };
  await call('UpdateDomainEntry', { domainName, domainEntry: changed }, 'us-east-1');
  expect(await call('GetDomains', {}, 'us-east-1')).toMatchObject({
    domains: [{ name: domainName, domainEntries: [{ target: '"other"' }] }],
  });
  await expect(call('GetDomains')).rejects.toMatchObject({ name: 'InvalidInputException' });
  await call('DeleteDomainEntry', { domainName, domainEntry: changed }, 'us-east-1');
  expect(lightsail.inventory().domains).toMatchObject([{ entries: [] }]);
});
