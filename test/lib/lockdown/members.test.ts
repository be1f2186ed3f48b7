import { describe, expect, test } from 'vitest';
import type { LightsailInstance } from '../../../src/lib/aws/lightsail/instances.ts';
import type { PortRule } from '../../../src/lib/aws/lightsail/port-rules.ts';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { membersOf } from '../../../src/lib/lockdown/members.ts';
import { planClosing, planOpening } from '../../../src/lib/lockdown/plan.ts';

const instance = (name: string, more: Partial<LightsailInstance> = {}): LightsailInstance => ({
  name,
  region: 'eu-west-1',
  state: 'running',
  privateAddress: null,
  publicAddress: null,
  tags: {},
  rules: [],
  ...more,
});

const find = (upstreams: string, instances: readonly LightsailInstance[], own: readonly string[] = []) =>
  membersOf(
    readBalancer(
      `name: shop\nlisteners: { http: { port: 80 } }\nupstreams: ${upstreams}\nroutes: [{ paths: { /: web } }]\n`,
      'lb.yaml',
    ).balancer,
    { instances, home: 'eu-west-1', own: new Set(own) },
  );

const names = (found: ReturnType<typeof find>) =>
  found.members.map(({ instance, ports }) => [instance.name, ...ports]);

const WEB = '{ web: { discover: { lightsail: web-*, port: 8080 } } }';
const world = (port: number, protocol = 'tcp'): PortRule => ({
  protocol,
  from: port,
  to: port,
  cidrs: ['0.0.0.0/0'],
  ipv6: [],
  aliases: [],
});

describe('the instances behind a balancer', () => {
  test('are those that it discovers, running or not, and those whose private addresses it names', () => {
    const instances = [
      instance('web-2', { state: 'stopped' }),
      instance('web-1'),
      instance('db', { privateAddress: '172.26.0.9' }),
      instance('web-3', { region: 'us-east-1' }),
    ];
    const found = find(
      '{ web: { discover: { lightsail: web-*, port: 8080 } }, db: ["172.26.0.9:5432", "172.26.0.10:5432", "db.internal:1", "unix:/run/db"] }',
      instances,
    );
    expect(names(found)).toEqual([
      ['db', 80, 443, 5432],
      ['web-1', 80, 443, 8080],
      ['web-2', 80, 443, 8080],
    ]);
    expect(found.remarks).toEqual([
      'no single instance of Lightsail has 172.26.0.10:5432, db.internal:1, unix:/run/db of db',
    ]);
  });

  test('are closed at the ports of all upstreams that use them', () => {
    const found = find('{ web: ["172.26.0.9:8080"], api: ["172.26.0.9:9000", "172.26.0.9"] }', [
      instance('app', { privateAddress: '172.26.0.9' }),
    ]);
    expect(names(found)).toEqual([['app', 80, 443, 8080, 9000]]);
    expect(found.members[0]!.upstreams).toEqual(['web', 'api']);
  });

  test('are not taken for others that have the same address in another Region', () => {
    const same = { privateAddress: '172.26.0.9' };
    const found = find('{ web: ["172.26.0.9:80"] }', [
      instance('a', same),
      instance('b', { ...same, region: 'us-east-1' }),
    ]);
    expect(names(found)).toEqual([]);
  });

  test('are none that run a balancer, or are just being made', () => {
    const found = find(
      WEB,
      [
        instance('web-1', { tags: { 'lbctl:balancer': 'shop' } }),
        instance('web-2', { privateAddress: '172.26.0.2' }),
        instance('web-3', { publicAddress: '203.0.113.3' }),
        instance('web-4', { state: 'pending' }),
        instance('web-5'),
      ],
      ['172.26.0.2', '203.0.113.3'],
    );
    expect(names(found)).toEqual([['web-5', 80, 443, 8080]]);
    expect(found.remarks).toEqual([
      'web-1 runs the balancer shop, and stays as it is',
      'web-2 runs this balancer, and stays as it is',
      'web-3 runs this balancer, and stays as it is',
      'web-4 is pending, and stays as it is',
    ]);
  });
});

describe('nothing is closed', () => {
  test('where the balancer itself comes from outside', () => {
    const instances = [instance('web-1', { publicAddress: '203.0.113.3', rules: [world(80)] })];
    const publicly = '{ web: { discover: { lightsail: { name: web-*, address: public }, port: 80 } } }';
    for (const upstreams of [publicly, '{ web: ["203.0.113.3:80"] }'])
      expect(() => planClosing(find(upstreams, instances), 'tag')).toThrow(
        'the balancer itself reaches its servers by public addresses: upstream web (web-1)',
      );
  });

  test('by which one logs in', () => {
    const found = find('{ web: { discover: { lightsail: web-*, port: 22 } } }', [
      instance('web-1', { rules: [world(22), world(80)] }),
    ]);
    const { steps, remarks } = planClosing(found, 'tag');
    expect(steps[0]!.after).toEqual([world(22)]);
    expect(remarks).toEqual(['port 22 of web-1 stays open, by which one logs in, though web uses it']);
  });

  test('out of a rule for all protocols, nor what a tag cannot remember', () => {
    const all = find(WEB, [instance('web-1', { rules: [{ ...world(0, 'all'), to: 65_535 }] })]);
    expect(() => planClosing(all, 'tag')).toThrow(
      'web-1 lets in all protocols from everywhere (IPv4), out of which no port can be taken',
    );
    const ranges = Array.from({ length: 40 }, (_, index) => ({ ...world(8080 - index), to: 8081 + index }));
    expect(() => planClosing(find(WEB, [instance('web-1', { rules: ranges })]), 'tag')).toThrow(
      'a tag cannot hold all ports of web-1',
    );
  });
});

test('an instance that has left the pool is opened again, too', () => {
  const gone = instance('old-1', { tags: { 'lbctl:closed:shop': 'tcp:80:4' } });
  const { steps } = planOpening([gone, instance('web-1')], 'lbctl:closed:shop');
  expect(steps).toMatchObject([{ name: 'old-1', after: [world(80)], memory: null }]);
});
