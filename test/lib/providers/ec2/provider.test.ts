import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { provider } from '../../../../src/lib/providers/ec2/provider.ts';
import { inService } from '../../../../src/lib/providers/ec2/in-service.ts';
import type { Loaded } from '../../../../src/lib/source/load.ts';
import type { Rule } from '../../../fake-aws/faults.ts';
import { type Account, ec2Account } from '../../../support/ec2-region.ts';
import { ec2Shop } from '../../../support/ec2-shop.ts';

let account: Account;
async function fresh(): Promise<void> {
  await account?.aws.close();
  account = await ec2Account();
  for (const [key, value] of Object.entries({ ...account.aws.env, AWS_MAX_ATTEMPTS: '1' }))
    vi.stubEnv(key, value);
}
beforeEach(fresh);
afterAll(() => void vi.unstubAllEnvs());

const told: string[] = [];
const io = { notify: ({ text }: { text: string }) => void told.push(text), confirm: async () => true };

/** Each as a run of its own; nodes are not asked. */
async function up(loaded: Loaded) {
  const place = provider.locate(loaded);
  try {
    const nodes = await provider.nodes(place, {}, true);
    const desired = await provider.desire(place, loaded, {});
    const { steps } = provider.plan(desired, await provider.observe(place));
    await provider.execute(steps, desired, io, new AbortController().signal);
    const newcomers = await provider.newcomers!(place, provider.bundle(desired));
    await newcomers.take(io);
    return { steps, nodes };
  } finally {
    await provider.close(place);
  }
}

async function planned(loaded: Loaded) {
  const place = provider.locate(loaded);
  await provider.nodes(place, {}, true);
  const { steps } = provider.plan(await provider.desire(place, loaded, {}), await provider.observe(place));
  await provider.close(place);
  return steps;
}

async function down(loaded: Loaded) {
  const place = provider.locate(loaded);
  try {
    const { steps } = provider.planRemoval(place, await provider.observe(place));
    await provider.remove(steps, place, io, new AbortController().signal);
    return steps;
  } finally {
    await provider.close(place);
  }
}

const ONE = ec2Shop();
const TWO = ec2Shop({
  regions: ['eu-west-1', 'us-east-1'],
  listeners: 'http: { port: 80 }, more: { port: 8080 }',
});
/** More than a call can hold. */
const MANY = ec2Shop({
  listeners: Array.from({ length: 45 }, (_, index) => `l${index}: { port: ${3000 + index} }`).join(', '),
});
const stacks = () => account.cloud.inventory();
/** What there is, but for what differs from one making to the next. */
const everything = (): unknown => ({
  stacks: stacks().map(({ name, region, changeSets, resources, protected: kept }) => ({
    name,
    region,
    kept,
    changeSets,
    resources: Object.keys(resources).toSorted(),
  })),
  buckets: account.s3.state().buckets.map(({ objects }) => Object.keys(objects).toSorted()),
  groups: account.groups.state().groups.map(({ desired, instances }) => [desired, instances.length]),
});

describe('a balancer on EC2', () => {
  test('comes up in two Regions side by side, and nothing is changed where nothing differs', async () => {
    const { steps, nodes } = await up(TWO);
    expect(nodes.map(({ transport, coming }) => [transport.name, coming])).toContainEqual([
      'node 1 of 2 in us-east-1',
      true,
    ]);
    expect(steps.filter(({ kind }) => kind === 'stack').map(({ action, name }) => [action, name])).toEqual([
      ['create', 'lbctl-shop in eu-west-1'],
      ['create', 'lbctl-shop in us-east-1'],
    ]);
    expect(stacks().map(({ status }) => status)).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE']);
    for (const { objects } of account.s3.state().buckets) expect(Object.keys(objects)).toContain('current');
    const before = account.aws.changes().length;
    const again = await up(TWO);
    expect(again.steps).toEqual([]);
    expect(again.nodes.map(({ coming }) => coming)).toEqual([undefined, undefined, undefined, undefined]);
    expect(account.aws.changes()).toHaveLength(before);
    const place = provider.locate(TWO);
    const addresses = await provider.addresses!(place);
    expect(Object.keys(addresses)).toEqual(['eu-west-1', 'us-east-1']);
    expect(addresses['eu-west-1']).toHaveLength(2);
    await provider.close(place);
    await down(TWO);
    expect(everything()).toEqual({ stacks: [], buckets: [], groups: [] });
  });

  test('is planned without leaving anything behind', async () => {
    expect((await planned(ONE))[0]).toMatchObject({ kind: 'stack', action: 'create' });
    expect(account.aws.changes()).toEqual([]);
    await up(ONE);
    const steps = await planned(ec2Shop({ listeners: 'http: { port: 8080 }' }));
    expect(steps.map(({ traffic }) => traffic)).toContain('nobody listens any longer on its port');
    expect(stacks()).toMatchObject([{ changeSets: [], status: 'CREATE_COMPLETE' }]);
  });

  test('says that there may be too few Elastic IPs, which shows after minutes only', async () => {
    const notes = async (ec2: string) => {
      const loaded = ec2Shop({ ec2 });
      const place = provider.locate(loaded);
      await provider.nodes(place, {}, true);
      const desired = await provider.desire(place, loaded, {});
      const { notes: told } = provider.plan(desired, await provider.observe(place));
      await provider.close(place);
      return told;
    };
    expect(await notes('zones: 3')).toEqual([
      expect.stringMatching(/^6 Elastic IPs are made in eu-west-1, and an account has 5/u) as string,
    ]);
    expect(await notes('zones: 3, vpc: { nat: one }')).toEqual([]);
  });

  test('says how nodes come to private servers until there are some', async () => {
    const away = 'upstreams: { web: [10.1.4.11:8080] }';
    const notes = async (loaded: Loaded) => {
      const place = provider.locate(loaded);
      await provider.nodes(place, {}, true);
      const desired = await provider.desire(place, loaded, {});
      const { steps, notes: told } = provider.plan(desired, await provider.observe(place));
      await provider.close(place);
      expect(steps).not.toEqual([]);
      return told;
    };
    const PRIVATE = ec2Shop({ more: away });
    expect(await notes(PRIVATE)).toEqual([expect.stringContaining('10.1.4.11:8080 only once') as string]);
    await up(PRIVATE);
    expect(await notes(ec2Shop({ more: away, listeners: 'http: { port: 8080 }' }))).toEqual([]);
  });

  test('tells of Regions that lb.yaml has no longer until they are gone, and leaves them alone', async () => {
    await up(TWO);
    const look = async () => {
      const place = provider.locate(ONE);
      await provider.nodes(place, {}, true);
      const seen = await provider.observe(place);
      const { notes } = provider.plan(await provider.desire(place, ONE, {}), seen);
      const removal = provider.planRemoval(place, seen);
      await provider.close(place);
      return { notes, removal };
    };
    const told = [expect.stringContaining('lbctl down --region us-east-1 removes it') as string];
    // the first up with fewer Regions keeps them noted
    await up(ONE);
    const { notes, removal } = await look();
    expect([notes, removal.notes]).toEqual([told, told]);
    expect(removal.steps.map(({ name }) => name)).toEqual(['lbctl-shop in eu-west-1']);
    await down(ec2Shop({ regions: ['us-east-1'] }));
    expect(stacks().map(({ region }) => region)).toEqual(['eu-west-1']);
    expect((await look()).notes).toEqual([]);
  });

  test('goes on from a creation that failed, with releases in its bucket', async () => {
    account.cloud.failResource('LoadBalancer', 'create', 'Something is wrong');
    account.cloud.settings.steps = 5;
    await expect(up(ONE)).rejects.toMatchObject({
      message: expect.stringContaining(
        'LoadBalancer (ElasticLoadBalancingV2::LoadBalancer) failed',
      ) as string,
    });
    expect((await planned(ONE))[0]).toMatchObject({ action: 'replace', resource: 'stack' });
    await up(ONE);
    expect(stacks()).toMatchObject([{ status: 'CREATE_COMPLETE' }]);
    expect(account.s3.state().buckets).toHaveLength(1);
  });

  test('that S3 denies a release is told, and mended by the next run', async () => {
    const denied = account.aws.fail({ fault: 'denied', operation: 'PutObject', times: 9 });
    await expect(up(ONE)).rejects.toMatchObject({ kind: 'denied' });
    denied.stop();
    await up(ONE);
    expect(stacks()).toMatchObject([{ status: 'CREATE_COMPLETE' }]);
    expect(Object.keys(account.s3.state().buckets[0]!.objects)).toContain('current');
  });

  test('asks nothing beside what its policy allows', async () => {
    const place = provider.locate(ONE);
    const { Statement } = await provider.policy!(place);
    const allowed = (Statement as readonly { Sid: string; Action: readonly string[] }[])
      .filter(({ Sid }) => Sid !== 'LbctlThroughCloudFormation')
      .flatMap(({ Action }) => Action);
    account.aws.allow(allowed);
    await up(ONE);
    expect(await provider.drift!(place)).toMatchObject([{ problem: null, resources: [] }]);
    await provider.close(place);
    await planned(TWO);
    const looking = provider.locate(ONE);
    expect((await provider.status(looking, ONE, {})).targets).toHaveLength(2);
    await provider.close(looking);
    await up(ec2Shop({ ec2: 'termination_protection: true' }));
    account.cloud.failResource('Nodes', 'update', 'no');
    account.cloud.failResource('Nodes', 'rollback', 'no');
    await up(ec2Shop({ ec2: 'nodes: 3' })).catch(() => undefined);
    await up(ec2Shop({ ec2: 'nodes: 3' }));
    await down(ONE);
    expect(stacks()).toEqual([]);
    expect(account.aws.calls.filter(({ outcome }) => outcome === 'AccessDenied')).toEqual([]);
  });

  test('whose bucket is empty, as a run was killed before it was filled, is filled and waited for', async () => {
    await up(ONE);
    const [bucket] = account.s3.state().buckets;
    const [group] = account.groups.state().groups;
    for (const key of Object.keys(bucket!.objects)) delete bucket!.objects[key];
    account.groups.rest(group!.name);
    for (const { id } of group!.instances) account.groups.end(group!.name, id);
    expect(await planned(ONE)).toMatchObject([{ kind: 'stack', action: 'change' }]);
    account.groups.resize(group!.name, { min: 2, max: 2 });
    await up(ONE);
    expect(Object.keys(account.s3.state().buckets[0]!.objects)).toContain('current');
  });

  describe('waits for its nodes', () => {
    let said: string[];
    const waiting = (limit: number, known: readonly string[] = []) => {
      const { name, region } = account.groups.state().groups[0]!;
      said = [];
      const tell = (text: string): void => void said.push(text);
      return inService({ name, region, log: 'logs-1', known: new Set(known) }, { tell, warn: tell, limit });
    };
    beforeEach(() => void (account.groups.settings.looks = 1));
    const size = (count: number): void =>
      account.groups.resize(account.groups.state().groups[0]!.name, { min: count, max: count });

    test('to come and to go, as the group does both a moment later', async () => {
      await up(ONE);
      size(3);
      await waiting(9000);
      expect(said).toEqual(['2 of 3 nodes are in service', '3 of 3 nodes are in service']);
      size(1);
      await waiting(9000);
      expect(said).toEqual(['2 of 3 nodes are to go', '1 of 1 nodes are in service']);
    });

    test.each([
      [
        'You have requested more vCPU capacity than your current vCPU limit of 0 allows (VcpuLimitExceeded)',
        'quota-reached',
        '--service-code ec2',
      ],
      [
        'We currently do not have sufficient t4g.small capacity in eu-west-1a',
        'no-capacity',
        'instance_types',
      ],
    ])('until launches have failed: %s', async (refusal, code, hint) => {
      account.groups.settings.refusal = refusal;
      const failed = await up(ONE).catch((error: unknown) => error);
      expect(failed).toMatchObject({
        code,
        message: expect.stringContaining(`comes into service: ${refusal}`) as string,
        hint: expect.stringContaining(hint) as string,
      });
      expect(told).toContain(`eu-west-1: a launch failed: ${refusal}`);
      account.groups.settings.refusal = undefined;
      await up(ONE);
      expect(everything()).toMatchObject({ groups: [[2, 2]] });
    });

    test('and goes on with those that serve where others cannot be had', async () => {
      await up(ONE);
      account.groups.settings.refusal = 'We currently do not have sufficient t4g.small capacity';
      size(3);
      await waiting(9000);
      expect(said.at(-1)).toMatch(
        /^only 2 of 3 nodes are in service; it goes on with these: name more instance_types/u,
      );
    });

    test('that give themselves up, and says where they have told why', async () => {
      await up(ONE);
      const [group] = account.groups.state().groups;
      account.groups.rest(group!.name);
      for (const { id } of group!.instances) account.groups.end(group!.name, id);
      account.groups.launch(group!.name, 'i-00000000000000099', 'eu-west-1a');
      await expect(waiting(600)).rejects.toMatchObject({
        code: 'nodes-failed',
        hint: expect.stringContaining(
          'aws logs tail logs-1 --since 2h --region eu-west-1 --log-stream-names i-00000000000000099',
        ) as string,
      });
    });
  });

  test('with a large template has its bucket made first, and takes it by that', async () => {
    const [step] = await planned(MANY);
    expect(step!.details[0]).toMatch(/^its bucket first and the rest by it.* \d{5,6} bytes/u);
    expect(account.aws.changes()).toEqual([]);
    await up(MANY);
    const { objects } = account.s3.state().buckets[0]!;
    expect(Object.keys(objects).some((key) => key.startsWith('templates/'))).toBe(true);
    expect(stacks()).toMatchObject([{ status: 'UPDATE_COMPLETE' }]);
    expect(await planned(MANY)).toEqual([]);
    // of all that there is, however many pages it takes, and each of them once
    expect(Object.keys(stacks()[0]!.resources).length).toBeGreaterThan(100);
    const place = provider.locate(ONE);
    const { targets } = await provider.status(place, ONE, {});
    await provider.close(place);
    expect(new Set(targets!.map(({ port }) => port)).size).toBe(45);
    const asked = account.aws.calls.filter(({ operation }) => operation === 'DescribeTargetHealth');
    expect(asked).toHaveLength(45);
  });
});

describe('a stack with a large template', () => {
  test('whose rest fails keeps its bucket, and is made by the next run', async () => {
    account.cloud.failResource('LoadBalancer', 'create', 'Something is wrong');
    await expect(up(MANY)).rejects.toMatchObject({
      message: expect.stringContaining('LoadBalancer') as string,
    });
    expect(stacks()).toMatchObject([{ status: 'UPDATE_ROLLBACK_COMPLETE' }]);
    const steps = await planned(MANY);
    expect(steps[0]).toMatchObject({ kind: 'stack', action: 'change' });
    expect(steps.map(({ name }) => name)).not.toContain('Releases');
    await up(MANY);
    expect(stacks()).toMatchObject([{ status: 'UPDATE_COMPLETE' }]);
    expect(account.s3.state().buckets).toHaveLength(1);
    await down(MANY);
    expect(everything()).toEqual({ stacks: [], buckets: [], groups: [] });
  });
});

/** What is done, and what was there before. */
const WAYS: Readonly<Record<string, { before: readonly Loaded[]; act: () => Promise<unknown> }>> = {
  'up from nothing': { before: [], act: () => up(ONE) },
  ...(process.env['LBCTL_RELEASES'] === undefined
    ? {}
    : { 'up from nothing with a large template': { before: [], act: () => up(MANY) } }),
  'up to another listener': { before: [ONE], act: () => up(ec2Shop({ listeners: 'http: { port: 8080 }' })) },
  down: { before: [ONE], act: () => down(ONE) },
};
const FAULTS: Readonly<Record<string, (skip: number) => readonly Rule[]>> = {
  throttled: (skip) => [{ fault: 'throttled', skip }],
  'answered 500': (skip) => [{ fault: 'internal', skip }],
  'cut off when it was done': (skip) => [{ fault: 'cut after', skip }],
  'the last, as lbctl was killed behind it': (skip) => [
    { fault: 'cut after', skip },
    { fault: 'cut before', skip, times: Number.POSITIVE_INFINITY },
  ],
};
/** All of them take minutes; this one finds most of what can be wrong. */
const tried = Object.entries(FAULTS).filter(
  ([name]) => process.env['LBCTL_RELEASES'] !== undefined || name.startsWith('the last'),
);

describe.each(Object.entries(WAYS))('%s, with each call in turn', (_, { before, act }) => {
  test.each(tried)('%s: run again, it comes to the same', async (_, faults) => {
    const prepare = async (): Promise<void> => {
      await fresh();
      for (const each of before) await up(each);
    };
    await prepare();
    await act();
    const good = everything();
    let hits = 0;
    for (let skip = 0; ; skip++) {
      await prepare();
      const rules = faults(skip).map((rule) => account.aws.fail(rule));
      await act().catch(() => undefined);
      const struck = rules.some((rule) => rule.count() > 0);
      for (const rule of rules) rule.stop();
      if (!struck) break;
      hits++;
      await act();
      expect([skip, everything()]).toEqual([skip, good]);
    }
    expect(hits).toBeGreaterThan(2);
  });
});
