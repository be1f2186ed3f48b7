import { afterAll, expect, test, vi } from 'vitest';
import { policyFor } from '../../../../src/lib/providers/lightsail/policy.ts';
import { fakeLightsail } from '../../../fake-aws/lightsail/lightsail.ts';
import { startFakeAws } from '../../../fake-aws/server.ts';
import { lifeOf, lightsailShop } from '../../../support/lightsail-shop.ts';
import { lightsailIn } from '../../../../src/lib/providers/lightsail/api.ts';

afterAll(() => void vi.unstubAllEnvs());

test('nothing is asked beside what the policy allows, and nothing is allowed that is never asked', async () => {
  const lightsail = fakeLightsail({ waits: { start: 1, operation: 1 } });
  const aws = await startFakeAws([lightsail]);
  for (const [key, value] of Object.entries({ ...aws.env, AWS_MAX_ATTEMPTS: '1' })) vi.stubEnv(key, value);
  const { Statement: statements } = policyFor(lightsailShop().balancer, ['eu-west-1', 'us-east-1']);
  const allowed = statements.flatMap(({ Action }) => Action);
  aws.allow(allowed);
  const shop = (keys: string) => lightsailShop({ regions: ['eu-west-1'], lightsail: keys });
  const regions = lightsailShop({ regions: ['eu-west-1', 'us-east-1'], lightsail: 'instances: 2' });

  // what comes to nothing, and what was done though nobody was told, is looked at
  lightsail.failOperation('CreateInstance', 'no capacity');
  await expect(lifeOf(shop('')).up()).rejects.toMatchObject({ code: 'operation-failed' });
  aws.fail({ fault: 'cut after', operation: 'CreateInstances' });
  await lifeOf(shop('snapshots: "06:00"')).up();
  lightsail.state().instances[0]!.state = 'stopped';
  await lifeOf(regions).up();
  await lifeOf(shop('bundle: nano, snapshots: "07:00", tags: { a: b }')).up();
  await lifeOf(shop('bundle: nano, snapshots: "08:00"')).up();
  await lightsailIn('eu-west-1').access('shop-eu-west-1-3');
  await lifeOf(shop('bundle: nano')).down();
  expect(lightsail.inventory()).toMatchObject({ instances: [], staticIps: [] });

  expect(aws.calls.filter(({ outcome }) => outcome !== 'OK').map(({ outcome }) => outcome)).toEqual(['cut']);
  const asked = new Set(aws.calls.map(({ operation }) => `lightsail:${operation}`));
  expect([...asked].toSorted()).toEqual(allowed.toSorted());
  const changed = new Set(aws.changes().map(({ operation }) => `lightsail:${operation}`));
  const limited = statements.filter(({ Condition }) => Condition !== undefined);
  expect(limited.flatMap(({ Action }) => Action).toSorted()).toEqual([...changed].toSorted());
});
