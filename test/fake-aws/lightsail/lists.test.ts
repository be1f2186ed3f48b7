import { GetInstancesCommand } from '@aws-sdk/client-lightsail';
import { describe, expect, it } from 'vitest';
import { SHOP, startAccount } from './account.ts';

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
