import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Fault } from '../../../fake-aws/faults.ts';
import { type FakeLightsail, fakeLightsail } from '../../../fake-aws/lightsail/lightsail.ts';
import { type FakeAws, startFakeAws } from '../../../fake-aws/server.ts';
import { lifeOf, lightsailShop } from '../../../support/lightsail-shop.ts';

let aws: FakeAws;
let lightsail: FakeLightsail;

/** An account with nothing in it. */
async function fresh(): Promise<void> {
  lightsail = fakeLightsail({ waits: { start: 0, operation: 0 } });
  aws = await startFakeAws([lightsail]);
  for (const [key, value] of Object.entries({ ...aws.env, AWS_MAX_ATTEMPTS: '1', AWS_REGION: 'eu-west-1' }))
    vi.stubEnv(key, value);
}

beforeEach(fresh);
afterAll(() => void vi.unstubAllEnvs());

const TWO = lightsailShop({
  regions: ['eu-west-1', 'us-east-1'],
  lightsail: 'snapshots: "06:00", tags: { team: web }',
  listeners:
    'http: { port: 80, ipv6: true }, https: { port: 8443 }, dns: { port: 53, protocol: udp, upstream: web }',
  more: 'upstreams: { web: [10.0.0.1:80] }',
});
const ONE = lightsailShop({ regions: ['eu-west-1'] });

const machines = () => lightsail.inventory().instances;
const operations = (): string[] => aws.calls.map(({ operation }) => operation);

describe('up', () => {
  test('makes all from nothing, and finds nothing to do afterwards', async () => {
    const { steps } = await lifeOf(TWO).up();
    expect(steps.map(({ kind }) => kind)).toEqual([
      'make',
      'address',
      'ports',
      'boot',
      'make',
      'address',
      'ports',
      'boot',
    ]);
    expect(
      machines().map(({ region, name, staticIp, bundleId, zone }) => [
        region,
        name,
        staticIp,
        bundleId,
        zone,
      ]),
    ).toEqual([
      ['eu-west-1', 'shop-eu-west-1-1', 'shop-eu-west-1-ip-1', 'micro_3_0', 'eu-west-1a'],
      ['us-east-1', 'shop-us-east-1-1', 'shop-us-east-1-ip-1', 'micro_3_0', 'us-east-1a'],
    ]);
    const [first] = machines();
    expect(
      first!.ports.map(({ protocol, fromPort, cidrs, ipv6Cidrs }) => [
        protocol,
        fromPort,
        ...cidrs,
        ...ipv6Cidrs,
      ]),
    ).toEqual([
      ['tcp', 22, '203.0.113.7/32'],
      ['udp', 53, '0.0.0.0/0'],
      ['tcp', 80, '0.0.0.0/0', '::/0'],
      ['tcp', 8443, '0.0.0.0/0'],
    ]);
    expect(Object.fromEntries(first!.tags.map(({ key, value }) => [key, value]))).toEqual({
      team: 'web',
      'lbctl:balancer': 'shop',
      'lbctl:regions': 'eu-west-1 us-east-1',
      'lbctl:ready': 'distribution',
    });
    expect(first!.addOns).toMatchObject([{ name: 'AutoSnapshot', snapshotTimeOfDay: '06:00' }]);
    const before = [aws.digest(), aws.calls.length] as const;
    const again = await lifeOf(TWO).up();
    expect([again.steps, again.after]).toEqual([[], []]);
    expect(aws.digest()).toBe(before[0]);
    // a list of instances and one of addresses in each Region
    expect(operations().slice(before[1]).toSorted()).toEqual([
      'GetInstances',
      'GetInstances',
      'GetStaticIps',
      'GetStaticIps',
    ]);
    await lifeOf(TWO).down();
    expect(lightsail.inventory()).toMatchObject({ instances: [], staticIps: [], orphans: [] });
  });
});

describe('whatever goes wrong with a call', () => {
  const FAULTS: readonly Fault[] = [
    'throttled',
    'internal after',
    'cut before',
    'cut after',
    { behind: 1 },
    { behind: 3 },
  ];
  for (const fault of FAULTS) {
    test(`${JSON.stringify(fault)}: run again, it comes to the same`, { timeout: 120_000 }, async () => {
      await lifeOf(ONE).up();
      const calls = aws.calls.length;
      const told = (): unknown =>
        machines().map(({ name, staticIp, ports, tags }) => ({ name, staticIp, ports, tags }));
      const good = told();
      let hits = 0;
      for (let index = 0; index < calls; index++) {
        await fresh();
        const struck = aws.fail({ fault, skip: index });
        await lifeOf(ONE)
          .up()
          .catch(() => undefined);
        struck.stop();
        if (struck.count() === 0) break;
        hits++;
        const { steps } = await lifeOf(ONE).up();
        expect(steps.length).toBeLessThan(20);
        const last = await lifeOf(ONE).plan();
        expect([index, last.steps, last.after]).toEqual([index, [], []]);
        expect(told()).toEqual(good);
        expect(lightsail.inventory().orphans).toEqual([]);
      }
      expect(hits).toBeGreaterThan(5);
    });
  }
});
