import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { lightsailIn } from '../../../../src/lib/providers/lightsail/api.ts';
import { provider } from '../../../../src/lib/providers/lightsail/provider.ts';
import type { Loaded } from '../../../../src/lib/source/load.ts';
import type { Rule } from '../../../fake-aws/faults.ts';
import { type FakeLightsail, fakeLightsail } from '../../../fake-aws/lightsail/lightsail.ts';
import { type FakeAws, startFakeAws } from '../../../fake-aws/server.ts';
import { lifeOf, lightsailShop } from '../../../support/lightsail-shop.ts';

let aws: FakeAws;
let lightsail: FakeLightsail;

/** An account with nothing in it. */
async function fresh(): Promise<void> {
  await aws?.close();
  lightsail = fakeLightsail({ waits: { start: 0, operation: 0 } });
  aws = await startFakeAws([lightsail]);
  for (const [key, value] of Object.entries({ ...aws.env, AWS_MAX_ATTEMPTS: '1' })) vi.stubEnv(key, value);
}

beforeEach(fresh);
afterAll(() => void vi.unstubAllEnvs());

const TWO = lightsailShop({
  regions: ['eu-west-1', 'us-east-1'],
  lightsail: 'snapshots: "06:00", tags: { team: web }',
  listeners:
    'http: { port: 80, ipv6: true }, inner: { port: 8080, address: 127.0.0.1 }, dns: { port: 53, protocol: udp, upstream: web }',
  more: 'upstreams: { web: [10.0.0.1:80] }',
});

const machines = () => lightsail.inventory().instances;
const since = (calls: number): string[] => aws.calls.slice(calls).map(({ operation }) => operation);

/** What there is, but for what differs from one making to the next. */
const told = (): unknown => ({
  instances: machines().map(({ name, staticIp, bundleId, zone, ports, tags, addOns }) => ({
    name,
    staticIp,
    bundleId,
    zone,
    ports,
    addOns,
    tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
  })),
  addresses: lightsail.inventory().staticIps.map(({ name, attachedTo }) => ({ name, attachedTo })),
});

describe('up', () => {
  test('makes all from nothing, and finds nothing to do afterwards', async () => {
    const { steps } = await lifeOf(TWO).up();
    const each = ['make', 'address', 'ports', 'boot'];
    expect(steps.map(({ kind }) => kind)).toEqual([...each, ...each]);
    expect(machines().map(({ name, staticIp, bundleId, zone }) => [name, staticIp, bundleId, zone])).toEqual([
      ['shop-eu-west-1-1', 'shop-eu-west-1-ip-1', 'micro_3_0', 'eu-west-1a'],
      ['shop-us-east-1-1', 'shop-us-east-1-ip-1', 'micro_3_0', 'us-east-1a'],
    ]);
    const [first] = machines();
    expect(
      first!.ports.map(({ protocol, fromPort, cidrs, ipv6Cidrs }) =>
        [protocol, fromPort, ...cidrs, ...ipv6Cidrs].join(' '),
      ),
    ).toEqual(['tcp 22 203.0.113.7/32', 'udp 53 0.0.0.0/0', 'tcp 80 0.0.0.0/0 ::/0']);
    expect(Object.fromEntries(first!.tags.map(({ key, value }) => [key, value]))).toEqual({
      team: 'web',
      'lbctl:balancer': 'shop',
      'lbctl:regions': 'eu-west-1 us-east-1',
      'lbctl:ready': 'distribution',
    });
    expect(first!.addOns).toMatchObject([{ name: 'AutoSnapshot', snapshotTimeOfDay: '06:00' }]);
    const [digest, calls] = [aws.digest(), aws.calls.length];
    const again = await lifeOf(TWO).up();
    expect([again.steps, again.after, again.notes]).toEqual([[], [], []]);
    expect(aws.digest()).toBe(digest);
    const lists = ['GetInstances', 'GetStaticIps'];
    expect(since(calls).toSorted()).toEqual(lists.flatMap((list) => [list, list]));
  });

  test('of twenty instances, and a look at them, takes no more calls than there is to change', async () => {
    const twenty = lightsailShop({ regions: ['eu-west-1'], lightsail: 'instances: 20, static_ip: false' });
    await lifeOf(twenty).up();
    const count = (operation: string): number => since(0).filter((call) => call === operation).length;
    expect(machines()).toHaveLength(20);
    expect(new Set(machines().map(({ zone }) => zone)).size).toBe(3);
    for (const once of ['CreateInstances', 'PutInstancePublicPorts', 'TagResource'])
      expect([once, count(once)]).toEqual([once, 20]);
    for (const list of ['GetBlueprints', 'GetRegions']) expect([list, count(list)]).toEqual([list, 1]);
    // nobody asks for one instance what a list tells of all
    expect(['GetInstance', 'GetOperation', 'GetStaticIp'].map(count)).toEqual([0, 0, 0]);
    expect(count('GetInstances')).toBeLessThan(20);
    const calls = aws.calls.length;
    expect((await lifeOf(twenty).up()).steps).toEqual([]);
    expect(since(calls)).toHaveLength(2);
  });

  test('of twenty instances is looked at with three lists', async () => {
    const loaded = lightsailShop({ regions: ['eu-west-1'], lightsail: 'instances: 20' });
    const made = {
      availabilityZone: 'eu-west-1a',
      blueprintId: 'debian_12',
      bundleId: 'micro_3_0',
      tags: [{ key: 'lbctl:balancer', value: 'shop' }],
    };
    const api = lightsailIn('eu-west-1');
    for (let number = 1; number <= 20; number++)
      await api.create({ instanceNames: [`shop-eu-west-1-${number}`], ...made });
    const calls = aws.calls.length;
    const place = provider.locate(loaded);
    const { nodes, remarks } = await provider.status(place, loaded, {});
    expect(nodes).toHaveLength(20);
    expect(remarks).toContain('the instances cost 140.00 USD a month');
    expect(since(calls).toSorted()).toEqual(['GetBundles', 'GetInstances', 'GetStaticIps']);
    await provider.close(place);
  });

  test('stays under a narrow rate, with all calls that it makes again', { timeout: 120_000 }, async () => {
    vi.stubEnv('AWS_MAX_ATTEMPTS', undefined);
    const narrow = await startFakeAws([lightsail], { perSecond: 10 });
    vi.stubEnv('AWS_ENDPOINT_URL', narrow.url);
    await lifeOf(lightsailShop({ regions: ['eu-west-1'], lightsail: 'instances: 5' })).up();
    expect(machines()).toHaveLength(5);
    const refused = narrow.calls.filter(({ outcome }) => outcome !== 'OK').length;
    expect(refused).toBeLessThan(narrow.calls.length / 2);
  });
});

describe('what was taken out of lb.yaml goes', () => {
  const shop = (keys: Parameters<typeof lightsailShop>[0]): Loaded => lightsailShop(keys);

  test('instances beyond the number, with their addresses, the last ones first', async () => {
    await lifeOf(shop({ regions: ['eu-west-1'], lightsail: 'instances: 3' })).up();
    const { steps, after } = await lifeOf(shop({ regions: ['eu-west-1'] })).up();
    expect(steps).toEqual([]);
    expect(after!.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'release-address shop-eu-west-1-ip-2',
      'release-address shop-eu-west-1-ip-3',
      'delete shop-eu-west-1-2',
      'delete shop-eu-west-1-3',
    ]);
    expect(machines().map(({ name }) => name)).toEqual(['shop-eu-west-1-1']);
    expect(lightsail.inventory().orphans).toEqual([]);
  });

  test('a Region, which the instances of the others name', async () => {
    await lifeOf(TWO).up();
    await lifeOf(shop({ regions: ['us-east-1'] })).up();
    expect(machines().map(({ name }) => name)).toEqual(['shop-us-east-1-1']);
    expect(lightsail.inventory()).toMatchObject({ orphans: [] });
    expect((await lifeOf(shop({ regions: ['us-east-1'] })).plan()).steps).toEqual([]);
  });

  test('snapshots and addresses', async () => {
    await lifeOf(shop({ regions: ['eu-west-1'], lightsail: 'snapshots: "06:00"' })).up();
    const none = shop({ regions: ['eu-west-1'], lightsail: 'static_ip: false' });
    await lifeOf(none).up();
    expect(machines()).toMatchObject([{ addOns: [] }]);
    expect(machines()[0]!.staticIp).toBeUndefined();
    expect(lightsail.inventory()).toMatchObject({ staticIps: [] });
    await lifeOf(shop({ regions: ['eu-west-1'], lightsail: 'snapshots: "07:00"' })).up();
    expect(machines()).toMatchObject([
      { addOns: [{ snapshotTimeOfDay: '07:00' }], staticIp: 'shop-eu-west-1-ip-1' },
    ]);
  });

  test('nothing of others, whatever its name', async () => {
    await lifeOf(shop({ regions: ['eu-west-1'] })).up();
    const other = { ...TWO, balancer: { ...TWO.balancer, name: 'shop-eu' } };
    await lifeOf(other).up();
    const names = machines().map(({ name }) => name);
    await lifeOf(other).down();
    expect(machines().map(({ name }) => name)).toEqual(['shop-eu-west-1-1']);
    expect(names).toHaveLength(3);
  });
});

const ONE = lightsailShop({ regions: ['eu-west-1'], lightsail: 'tags: { team: web }' });
const NANO = lightsailShop({
  regions: ['eu-west-1'],
  lightsail: 'bundle: nano, snapshots: "06:00"',
  listeners: 'http: { port: 8080 }',
});
const GONE = lightsailShop({ regions: ['us-east-1'] });

/** What is done, and what was there before. */
const WAYS: Readonly<
  Record<
    string,
    { before: readonly Loaded[]; act: (life: ReturnType<typeof lifeOf>) => Promise<unknown>; shop: Loaded }
  >
> = {
  'up from nothing': { before: [], shop: ONE, act: (life) => life.up() },
  'up to another size': { before: [ONE], shop: NANO, act: (life) => life.up() },
  'up to another Region': { before: [ONE, TWO], shop: GONE, act: (life) => life.up() },
  down: { before: [ONE], shop: ONE, act: (life) => life.down() },
};

const FAULTS: Readonly<Record<string, (skip: number) => readonly Rule[]>> = {
  throttled: (skip) => [{ fault: 'throttled', skip }],
  'answered 500': (skip) => [{ fault: 'internal', skip }],
  'answered 500 though it was done': (skip) => [{ fault: 'internal after', skip }],
  'cut off': (skip) => [{ fault: 'cut before', skip }],
  'cut off when it was done': (skip) => [{ fault: 'cut after', skip }],
  stale: (skip) => [{ fault: { behind: 1 }, skip }],
  'very stale': (skip) => [{ fault: { behind: 4 }, skip }],
  'the first of none, as lbctl was killed before it': (skip) => [
    { fault: 'cut before', skip, times: Number.POSITIVE_INFINITY },
  ],
  'the last, as lbctl was killed behind it': (skip) => [
    { fault: 'cut after', skip },
    { fault: 'cut before', skip, times: Number.POSITIVE_INFINITY },
  ],
};

/** All of them take half a minute; these find most of what can be wrong. */
const OFTEN = new Set(['cut off when it was done', 'very stale', 'the last, as lbctl was killed behind it']);
const tried = Object.entries(FAULTS).filter(
  ([name]) => process.env['LBCTL_RELEASES'] !== undefined || OFTEN.has(name),
);

describe.each(Object.entries(WAYS))('%s, with each call in turn', (_, { before, act, shop }) => {
  test.each(tried)('%s: run again, it comes to the same', { timeout: 120_000 }, async (_, faults) => {
    const prepare = async (): Promise<void> => {
      await fresh();
      for (const each of before) await lifeOf(each).up();
    };
    await prepare();
    await act(lifeOf(shop));
    const good = told();
    let hits = 0;
    for (let skip = 0; ; skip++) {
      await prepare();
      const rules = faults(skip).map((rule) => aws.fail(rule));
      await act(lifeOf(shop)).catch(() => undefined);
      const struck = rules.some((rule) => rule.count() > 0);
      for (const rule of rules) rule.stop();
      if (!struck) break;
      hits++;
      await act(lifeOf(shop));
      expect([skip, told()]).toEqual([skip, good]);
      expect(lightsail.inventory().orphans).toEqual([]);
    }
    expect(hits).toBeGreaterThan(2);
  });
});
