import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { provider } from '../../../../src/lib/providers/ec2/provider.ts';
import { inService } from '../../../../src/lib/providers/ec2/in-service.ts';
import type { Loaded } from '../../../../src/lib/source/load.ts';
import { type Account, ec2Account } from '../../../support/ec2-region.ts';
import { ec2Runs, MANY, ONE, TWO } from '../../../support/ec2-runs.ts';
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

const { told, up, planned, looked, down, stacks, everything } = ec2Runs(() => account);

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
    const notes = async (ec2: string) => (await looked(ec2Shop({ ec2 }))).notes;
    expect(await notes('zones: 3')).toEqual([
      expect.stringMatching(/^6 Elastic IPs are made in eu-west-1, and an account has 5/u) as string,
    ]);
    expect(await notes('zones: 3, vpc: { nat: one }')).toEqual([]);
  });

  test('says how nodes come to private servers until there are some', async () => {
    const away = 'upstreams: { web: [10.1.4.11:8080] }';
    const notes = async (loaded: Loaded) => {
      const { steps, notes: lines } = await looked(loaded);
      expect(steps).not.toEqual([]);
      return lines;
    };
    const PRIVATE = ec2Shop({ more: away });
    expect(await notes(PRIVATE)).toEqual([expect.stringContaining('10.1.4.11:8080 only once') as string]);
    await up(PRIVATE);
    expect(await notes(ec2Shop({ more: away, listeners: 'http: { port: 8080 }' }))).toEqual([]);
  });

  test('goes from Regions that lb.yaml has no longer, once all else serves', async () => {
    await up(TWO);
    const { steps, after } = await up(ONE);
    expect(steps.map(({ name }) => name)).not.toContain('lbctl-shop in us-east-1');
    expect(after).toMatchObject([
      {
        action: 'delete',
        name: 'lbctl-shop in us-east-1',
        traffic: expect.stringContaining('nobody') as string,
      },
    ]);
    expect(stacks().map(({ region }) => region)).toEqual(['eu-west-1']);
    const calls = account.aws.calls.length;
    expect((await up(ONE)).after).toEqual([]);
    // what is known to be gone is not asked for any more
    expect(account.aws.calls.slice(calls).map(({ region }) => region)).not.toContain('us-east-1');
  });

  test('stays in Regions that lb.yaml has no longer where it is protected, and tells of it', async () => {
    const kept = { regions: ['eu-west-1', 'us-east-1'], ec2: 'termination_protection: true' };
    await up(ec2Shop(kept));
    const lines = [
      expect.stringMatching(
        /^the stack lbctl-shop in us-east-1 is protected.*lbctl down --region us-east-1/u,
      ) as string,
    ];
    // an up with fewer Regions keeps them noted
    await up(ONE);
    const { notes, after, removal } = await looked(ONE);
    expect([notes, after, removal.notes]).toEqual([lines, [], lines]);
    expect(removal.steps.map(({ name }) => name)).toEqual(['lbctl-shop in eu-west-1']);
    await down(ec2Shop({ regions: ['us-east-1'] }));
    expect(stacks().map(({ region }) => region)).toEqual(['eu-west-1']);
    expect((await looked(ONE)).notes).toEqual([]);
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
