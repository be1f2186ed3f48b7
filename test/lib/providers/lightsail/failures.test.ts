import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { UserError } from '../../../../src/lib/errors.ts';
import { lightsailIn } from '../../../../src/lib/providers/lightsail/api.ts';
import { isBundle } from '../../../../src/lib/providers/lightsail/wanted.ts';
import { running } from '../../../../src/lib/providers/lightsail/wait.ts';
import { AwsError } from '../../../fake-aws/errors.ts';
import { type FakeLightsail, fakeLightsail } from '../../../fake-aws/lightsail/lightsail.ts';
import { type FakeAws, startFakeAws } from '../../../fake-aws/server.ts';
import { lifeOf, lightsailShop } from '../../../support/lightsail-shop.ts';

let aws: FakeAws;
let lightsail: FakeLightsail;
beforeEach(async () => {
  await aws?.close();
  lightsail = fakeLightsail({ waits: { start: 0, operation: 0 } });
  aws = await startFakeAws([lightsail]);
  for (const [key, value] of Object.entries({ ...aws.env, AWS_MAX_ATTEMPTS: '1', AWS_REGION: undefined }))
    vi.stubEnv(key, value);
});
afterAll(() => void vi.unstubAllEnvs());

const shop = (lightsail = '', regions: readonly string[] = ['eu-west-1']) =>
  lightsailShop({ regions, lightsail });

/** How an `up` fails. */
async function failure(loaded = shop()): Promise<UserError> {
  const error = await lifeOf(loaded)
    .up()
    .then(
      () => undefined,
      (caught: unknown) => caught,
    );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

/** What keeps `up` from its end, what is said then, and that it comes to its end once that is mended. */
describe('up, where', () => {
  test('a call is not allowed', async () => {
    aws.allow(['lightsail:Get*']);
    const error = await failure();
    expect([error.kind, error.code]).toEqual(['denied', 'access-denied']);
    expect(error.message).toMatch(
      /^cannot create the instance shop-eu-west-1-1 in eu-west-1: .* \(AccessDeniedException, request .*\)$/u,
    );
    expect(error.hint).toMatch(/allow lightsail:CreateInstances .*lbctl up --iam-policy prints all/u);
    expect(lightsail.inventory()).toMatchObject({ instances: [] });
    aws.allow(undefined);
    await lifeOf(shop()).up();
    expect(lightsail.inventory().instances).toHaveLength(1);
  });

  test.each([
    ['expired', 'expired-credentials', 'aws sso login'],
    ['unknown key', 'unknown-credentials', 'aws sts get-caller-identity'],
    ['bad signature', 'unknown-credentials', 'aws sts get-caller-identity'],
  ] as const)('credentials are %s, half way', async (fault, code, hint) => {
    aws.fail({ fault, operation: 'AttachStaticIp' });
    const error = await failure();
    expect([error.kind, error.code]).toEqual(['denied', code]);
    expect(error.message).toContain('give shop-eu-west-1-1 the static address shop-eu-west-1-ip-1');
    expect(error.hint).toContain(hint);
    const { steps } = await lifeOf(shop()).up();
    expect(steps.map(({ kind }) => kind)).toEqual(['address', 'ports', 'boot']);
  });

  test('no Region is named', async () => {
    const error = await failure(lightsailShop());
    expect([error.kind, error.code]).toEqual(['input', 'no-region']);
    expect(error.message).toContain('where shop is to run');
    expect(error.hint).toContain('regions: [eu-west-1]');
    vi.stubEnv('AWS_REGION', 'us-east-1');
    await lifeOf(lightsailShop()).up();
    expect(lightsail.inventory().instances).toMatchObject([{ region: 'us-east-1' }]);
  });

  test('the quota of instances is reached, which leaves those that were made', async () => {
    lightsail.settings.quotas.instances = 1;
    const error = await failure(shop('instances: 2'));
    expect([error.kind, error.code]).toEqual(['failed', 'quota-reached']);
    expect(error.hint).toContain('aws service-quotas list-service-quotas --service-code lightsail');
    expect(lightsail.inventory().instances).toHaveLength(1);
    lightsail.settings.quotas.instances = 20;
    await lifeOf(shop('instances: 2')).up();
    expect(lightsail.inventory().instances).toHaveLength(2);
  });

  test('the quota of static addresses is reached', async () => {
    lightsail.settings.quotas.staticIps = 0;
    const error = await failure();
    expect(error.code).toBe('quota-reached');
    expect(error.message).toContain('get the static address shop-eu-west-1-ip-1');
    lightsail.settings.quotas.staticIps = 5;
    await lifeOf(shop()).up();
    expect(lightsail.inventory()).toMatchObject({
      orphans: [],
      instances: [{ staticIp: 'shop-eu-west-1-ip-1' }],
    });
  });

  test('the name belongs to another instance, which stays untouched', async () => {
    const api = lightsailIn('eu-west-1');
    const other = { availabilityZone: 'eu-west-1a', blueprintId: 'debian_12', bundleId: 'nano_3_0' };
    await api.create({ instanceNames: ['shop-eu-west-1-1'], ...other });
    const error = await failure();
    expect(error.code).toBe('name-taken');
    expect(error.hint).toContain('lbctl adopt shop-eu-west-1-1');
    // a name that is taken only just now, as between the plan and the call
    aws.fail({ fault: { behind: 1 }, operation: 'GetInstances' });
    expect((await failure()).code).toBe('name-taken');
    await lifeOf(shop()).down();
    expect(aws.changes().map(({ operation }) => operation)).toEqual(['CreateInstances']);
    expect(lightsail.inventory().instances).toMatchObject([{ name: 'shop-eu-west-1-1', tags: [] }]);
  });

  test.each([
    [
      'blueprint: debian_10',
      'no-such-blueprint',
      'the blueprint debian_10 cannot be had any longer in eu-west-1',
      'debian_12',
    ],
    [
      'blueprint: debian_99',
      'no-such-blueprint',
      'the blueprint debian_99 does not exist in eu-west-1',
      'debian_12',
    ],
    ['bundle: micro_9_9', 'no-such-bundle', 'the bundle micro_9_9 does not exist in eu-west-1', 'micro_3_0'],
    ['bundle: nano_ipv6_3_0', 'no-ipv4', 'have IPv6 addresses alone', 'take nano_3_0'],
    ['zones: [f]', 'no-such-zone', 'eu-west-1 has no zone f', 'there are a, b, c'],
  ])('%s cannot be had, before anything is made', async (keys, code, message, hint) => {
    const error = await failure(shop(keys));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
    expect(aws.changes()).toEqual([]);
  });

  test('a size has another ID in a Region', async () => {
    await lifeOf(shop('', ['ap-south-1', 'eu-west-1'])).up();
    expect(lightsail.inventory().instances.map(({ bundleId }) => bundleId)).toEqual([
      'micro_3_1',
      'micro_3_0',
    ]);
    expect((await lifeOf(shop('', ['ap-south-1', 'eu-west-1'])).plan()).steps).toEqual([]);
  });

  test('what was begun comes to nothing', async () => {
    lightsail.failOperation('CreateInstance', 'We are out of capacity in this zone.', 'InsufficientCapacity');
    const error = await failure();
    expect(error.code).toBe('operation-failed');
    expect(error.message).toMatch(
      /We are out of capacity in this zone \(InsufficientCapacity, operation .*\)/u,
    );
    expect(error.hint).toContain('take another zone');
    lightsail.failOperation('AttachStaticIp', 'Something went wrong.');
    expect((await failure()).message).toContain('Something went wrong (InternalError');
    await lifeOf(shop()).up();
    expect(lightsail.inventory()).toMatchObject({
      orphans: [],
      instances: [{ staticIp: 'shop-eu-west-1-ip-1' }],
    });
  });

  test('Lightsail is being set up for the account, is busy, or has trouble', async () => {
    const setUp = new AwsError(428, 'RegionSetupInProgressException', 'Setup is in progress');
    aws.fail({ fault: { error: setUp }, operation: 'GetInstances' });
    expect(await failure()).toMatchObject({ code: 'setup-in-progress' });
    aws.fail({ fault: 'throttled', operation: 'GetStaticIps' });
    expect(await failure()).toMatchObject({ code: 'throttled', kind: 'failed' });
    aws.fail({ fault: 'internal', operation: 'GetBundles' });
    expect(await failure()).toMatchObject({ code: 'aws-trouble' });
  });

  test('several instances fail, all is told', async () => {
    aws.fail({ fault: 'denied', operation: 'AttachStaticIp' });
    aws.fail({ fault: 'internal', operation: 'AttachStaticIp' });
    const error = await failure(shop('instances: 2'));
    const told = [error.message, ...error.evidence].join('\n');
    expect(told).toContain('AccessDeniedException');
    expect(told).toContain('shop-eu-west-1-1');
    expect(told).toContain('shop-eu-west-1-2');
  });
});

test('an instance that never runs is given up, and told with its state', async () => {
  lightsail.settings.waits.start = 'never';
  const api = lightsailIn('eu-west-1');
  await api.create({
    instanceNames: ['a1'],
    availabilityZone: 'eu-west-1a',
    blueprintId: 'debian_12',
    bundleId: 'nano_3_0',
  });
  const error = await running(api, 'a1', [], 600).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    code: 'never-running',
    message: expect.stringContaining('it is pending') as string,
  });
  expect((error as UserError).hint).toContain(
    'aws lightsail get-instance --instance-name a1 --region eu-west-1',
  );
});

test.each([
  ['stopped', undefined, 'it is stopped, and is started'],
  ['stopping', 'stopped', 'it is stopping, and is started'],
  ['pending', 'running', 'it starts, and is waited for'],
] as const)('an instance that is %s is brought up', async (state, next, says) => {
  await lifeOf(shop()).up();
  const [instance] = lightsail.state().instances;
  instance!.state = state;
  instance!.next = next === undefined ? undefined : { state: next, wait: { asked: 1 } };
  const { steps } = await lifeOf(shop()).up();
  expect(steps).toMatchObject([{ kind: 'start', details: [says] }]);
  expect(lightsail.inventory().instances).toMatchObject([{ state: 'running' }]);
  expect((await lifeOf(shop()).plan()).steps).toEqual([]);
});

test('lists of many pages are read to their end', async () => {
  lightsail.settings.pageSize = 1;
  await lifeOf(shop('instances: 3')).up();
  expect((await lifeOf(shop('instances: 3')).plan()).steps).toEqual([]);
  await lifeOf(shop('instances: 3')).down();
  expect(lightsail.inventory()).toMatchObject({ instances: [], staticIps: [] });
});

test('a size is no bundle of another kind', () => {
  const ids = ['micro_3_0', 'micro_2_1', 'micro_ipv6_3_0', 'micro_win_3_0', 'xmicro_3_0', 'micro'];
  expect(ids.filter((id) => isBundle('micro', id))).toEqual(['micro_3_0', 'micro_2_1', 'micro']);
  expect(ids.filter((id) => isBundle('micro_ipv6_3_0', id))).toEqual(['micro_ipv6_3_0']);
});
