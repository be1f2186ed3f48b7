import { GetInstanceAccessDetailsCommand, GetInstanceMetricDataCommand } from '@aws-sdk/client-lightsail';
import { describe, expect, it } from 'vitest';
import { startAccount, startInstance } from './account.ts';

const instanceName = 'shop-1';

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
