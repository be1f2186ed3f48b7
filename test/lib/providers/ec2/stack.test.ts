import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { stepsOfChanges } from '../../../../src/lib/providers/ec2/changes.ts';
import { UserError } from '../../../../src/lib/errors.ts';
import {
  type FakeCloudFormation,
  fakeCloudFormation,
} from '../../../fake-aws/cloudformation/cloudformation.ts';
import { type FakeAws, startFakeAws } from '../../../fake-aws/server.ts';
import { ec2Shop, stackLife } from '../../../support/ec2-shop.ts';

let aws: FakeAws;
let cloud: FakeCloudFormation;
let full = false;
beforeEach(async () => {
  await aws?.close();
  full = false;
  cloud = fakeCloudFormation({
    witness: ({ act, type }) =>
      act === 'delete' && type === 'AWS::S3::Bucket' && full
        ? 'The bucket you tried to delete is not empty (Service: S3, Status Code: 409)'
        : undefined,
  });
  cloud.settings.steps = 20;
  aws = await startFakeAws([cloud]);
  for (const [key, value] of Object.entries({ ...aws.env, AWS_MAX_ATTEMPTS: '1' })) vi.stubEnv(key, value);
});
afterAll(() => void vi.unstubAllEnvs());

const SHOP = ec2Shop();
const TWO = ec2Shop({ listeners: 'http: { port: 80 }, more: { port: 8080 }' });
const status = () => cloud.inventory()[0]?.status;
const ports = (): unknown[] =>
  Object.values(cloud.inventory()[0]!.resources)
    .filter(({ type }) => type === 'AWS::ElasticLoadBalancingV2::Listener')
    .map(({ properties }) => (properties as { Port: number }).Port)
    .toSorted();
const empty = { empty: async () => void (full = false) };

async function failure(work: Promise<unknown>): Promise<UserError> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

describe('a stack', () => {
  test('comes up, changes and goes; where nothing differs nothing is called that changes anything', async () => {
    const filled: string[] = [];
    const life = stackLife(SHOP, { fill: async (bucket) => void filled.push(bucket) });
    const planned = await life.plan();
    expect(planned.standing).toBe('none');
    expect(planned.changes!.every(({ action }) => action === 'Add')).toBe(true);
    expect(aws.changes()).toEqual([]);
    await life.up();
    expect([status(), ports(), filled.length]).toEqual(['CREATE_COMPLETE', [80], 1]);
    expect(life.told).toContain('+ LoadBalancer (ElasticLoadBalancingV2::LoadBalancer)');
    const before = aws.changes().length;
    expect((await life.up()).changes).toEqual([]);
    expect(aws.changes()).toHaveLength(before);
    const changes = (await stackLife(TWO).plan()).changes!;
    expect(changes.map(({ action }) => action)).toContain('Add');
    expect(cloud.inventory()[0]!.changeSets).toEqual([]);
    const bigger = stackLife(TWO);
    await bigger.up();
    expect([status(), ports()]).toEqual(['UPDATE_COMPLETE', [80, 8080]]);
    expect(bigger.told).toContain(
      'Nodes (AutoScaling::AutoScalingGroup): Instance refresh in progress: 0% complete',
    );
    await stackLife(SHOP).up();
    expect(ports()).toEqual([80]);
    full = true;
    // its bucket is found on whatever page it stands
    cloud.settings.page = 1;
    await stackLife(SHOP, empty).down();
    expect(cloud.inventory()).toEqual([]);
  });

  test('whose outputs alone differ gets them, though no change of a resource says so', async () => {
    await stackLife(SHOP).up();
    const stack = cloud.stack('lbctl-shop', 'eu-west-1')!;
    const { Outputs: outputs, ...rest } = JSON.parse(stack.text) as { Outputs: Record<string, unknown> };
    const { DnsName: _, ...others } = outputs;
    stack.text = JSON.stringify({ ...rest, Outputs: others });
    const { changes } = await stackLife(SHOP).plan();
    expect(stepsOfChanges('eu-west-1', changes!, '')).toMatchObject([
      { action: 'change', resource: 'stack', name: 'outputs' },
    ]);
    await stackLife(SHOP).up();
    expect(cloud.stack('lbctl-shop', 'eu-west-1')!.text).toContain('DnsName');
    expect((await stackLife(SHOP).up()).changes).toEqual([]);
  });

  test('is protected and freed, and goes all the same once somebody has said so', async () => {
    const kept = ec2Shop({ ec2: 'termination_protection: true' });
    await stackLife(kept).up();
    expect(cloud.inventory()[0]!.protected).toBe(true);
    expect((await stackLife(SHOP).plan()).protection).toBe(false);
    await stackLife(SHOP).up();
    expect(cloud.inventory()[0]!.protected).toBe(false);
    await stackLife(kept).up();
    await stackLife(kept).down();
    expect(cloud.inventory()).toEqual([]);
  });

  test('of another owner is left alone', async () => {
    await stackLife(SHOP).up();
    cloud.stack('lbctl-shop', 'eu-west-1')!.tags = {};
    expect(await failure(stackLife(TWO).up())).toMatchObject({ code: 'name-taken' });
  });

  test('is told in lines, with what is made anew and what clients notice', async () => {
    await stackLife(SHOP).up();
    const { changes } = await stackLife(ec2Shop({ listeners: 'http: { port: 8080 }' })).plan();
    const steps = stepsOfChanges('eu-west-1', changes!, '');
    const gone = steps.find(({ resource, action }) => resource.endsWith('::Listener') && action === 'delete');
    expect(gone?.traffic).toBe('nobody listens any longer on its port');
    const sudden = await stackLife(ec2Shop({ ec2: 'proxy_protocol: true' })).plan();
    expect(
      stepsOfChanges('eu-west-1', sudden.changes!, '').find(({ name }) => name === 'Listener80'),
    ).toMatchObject({
      action: 'change',
      traffic: expect.stringContaining('proxy_protocol: ready') as string,
    });
    const cidr = await stackLife(ec2Shop({ ec2: 'vpc: { cidr: 10.9.0.0/16 }' })).plan();
    const vpc = stepsOfChanges('eu-west-1', cidr.changes!, '').find(
      ({ resource }) => resource === 'EC2::VPC',
    );
    expect(vpc).toMatchObject({ action: 'replace', traffic: expect.stringContaining('made anew') as string });
    expect(vpc!.details).toContain('CidrBlock: 10.0.0.0/16 → 10.9.0.0/16 (makes it anew)');
  });
});

describe('what fails is told by the first that failed, and the next run comes to the end', () => {
  test.each([
    ['AccessDenied: User is not authorized to perform: iam:CreateRole', 'access-denied', '--iam-policy'],
    [
      'The maximum number of addresses has been reached. (AddressLimitExceeded)',
      'quota-reached',
      'service-quotas',
    ],
    ['We currently do not have sufficient t4g.small capacity', 'no-capacity', 'instance_types'],
    ['Something else is wrong.', 'stack-failed', 'run the command again'],
  ])('%s', async (reason, code, hint) => {
    cloud.failResource('LoadBalancer', 'create', reason);
    full = true;
    const error = await failure(stackLife(SHOP).up());
    expect(error).toMatchObject({ code, hint: expect.stringContaining(hint) as string });
    expect(error.message).toMatch(
      /^cannot create the stack lbctl-shop in eu-west-1: LoadBalancer \(ElasticLoadBalancingV2::LoadBalancer\) failed: /u,
    );
    expect(error.message).not.toContain('cancelled');
    expect(status()).toBe('ROLLBACK_FAILED');
    await stackLife(SHOP, empty).up();
    expect([status(), ports()]).toEqual(['CREATE_COMPLETE', [80]]);
  });

  test('a change goes back, and is made by the next run', async () => {
    await stackLife(SHOP).up();
    cloud.failResource('Nodes', 'update', 'Received 1 FAILURE signal(s) out of 2');
    const bigger = ec2Shop({ ec2: 'nodes: 3' });
    const error = await failure(stackLife(bigger).up());
    expect([error.code, status()]).toEqual(['nodes-failed', 'UPDATE_ROLLBACK_COMPLETE']);
    await stackLife(bigger).up();
    expect(status()).toBe('UPDATE_COMPLETE');
  });

  test('a way back that fails is gone to its end first', async () => {
    await stackLife(SHOP).up();
    const bigger = ec2Shop({ ec2: 'nodes: 3' });
    cloud.failResource('Nodes', 'update', 'no');
    cloud.failResource('Nodes', 'rollback', 'still no', 2);
    await failure(stackLife(bigger).up());
    expect(status()).toBe('UPDATE_ROLLBACK_FAILED');
    expect((await stackLife(bigger).plan()).changes).toBeNull();
    const error = await failure(stackLife(bigger).up());
    expect(error.message).toContain('cannot take back the stack lbctl-shop in eu-west-1: Nodes');
    expect(error.hint).toContain('--resources-to-skip');
    await stackLife(bigger).up();
    expect(status()).toBe('UPDATE_COMPLETE');
  });

  test('a stack that does not go is told with what keeps it, and goes at the next attempt', async () => {
    await stackLife(SHOP).up();
    full = true;
    const error = await failure(stackLife(SHOP).down());
    expect(error).toMatchObject({ code: 'bucket-not-empty' });
    expect(error.message).toContain('cannot delete the stack lbctl-shop in eu-west-1: Releases (S3::Bucket)');
    await stackLife(SHOP, empty).down();
    expect(cloud.inventory()).toEqual([]);
  });

  test('capabilities are lacking, or there are too many stacks', async () => {
    const { AwsError } = await import('../../../fake-aws/errors.ts');
    const fault = {
      error: new AwsError(
        400,
        'InsufficientCapabilitiesException',
        'Requires capabilities : [CAPABILITY_NAMED_IAM]',
      ),
    };
    aws.fail({ fault, operation: 'CreateChangeSet' });
    expect((await failure(stackLife(SHOP).up())).message).toContain('Requires capabilities');
    cloud.settings.most = 0;
    expect(await failure(stackLife(SHOP).up())).toMatchObject({ code: 'quota-reached' });
    cloud.settings.most = 1;
    await stackLife(SHOP).up();
    expect(status()).toBe('CREATE_COMPLETE');
  });
});
