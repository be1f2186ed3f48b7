import { expect, test } from 'vitest';
import { codeOf } from '../../../src/lib/aws/failure.ts';
import type { Route53 } from '../../../src/lib/aws/route53.ts';
import { creating, world } from '../../lib/dns/fake.ts';
import { a, alias, NAME } from '../../lib/dns/records.ts';
import { refused } from '../../lib/dns/refused.ts';
import { ZONE_ID } from './state.ts';

type Changes = Parameters<Route53['change']>[1];

const { aws, api, state, records } = await world();

test.each(refused)('refuses from the wire: $what', async ({ sets, aws: [code, message] }) => {
  const before = aws.digest();
  const here = sets.map((set) =>
    set.AliasTarget ? { ...set, AliasTarget: { ...set.AliasTarget, HostedZoneId: ZONE_ID } } : set,
  );
  const error: unknown = await api
    .change(ZONE_ID, creating(here) as unknown as Changes, '')
    .catch((error: unknown) => error);
  expect(codeOf(error)).toBe(code);
  expect((error as Error).message).toMatch(message);
  expect(aws.digest()).toBe(before);
});

test('takes a batch as a whole, and deletes only what is given as it is', async () => {
  const inner = a({ Name: 'inner.example.com.' });
  const outer = alias({}, 'inner.example.com.');
  const here = { ...outer, AliasTarget: { ...outer.AliasTarget!, HostedZoneId: ZONE_ID } };
  await api.change(ZONE_ID, creating([inner, here]) as unknown as Changes, '');
  expect(records()).toEqual([`${inner.Name} A - 192.0.2.1`, `${NAME} A - inner.example.com.`]);
  const wrong = [{ Action: 'DELETE', ResourceRecordSet: a({ Name: inner.Name }, '192.0.2.9') }];
  await expect(api.change(ZONE_ID, wrong as unknown as Changes, '')).rejects.toThrow(
    /do not match the current values/u,
  );
  await expect(api.change('Z404', creating([inner]) as unknown as Changes, '')).rejects.toThrow(
    /No hosted zone found/u,
  );
});

test('counts records and characters, those of UPSERT twice', async () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => a({ Name: `x${index}.example.com.` }));
  const upsert = many(501).map((ResourceRecordSet) => ({ Action: 'UPSERT', ResourceRecordSet }));
  await expect(api.change(ZONE_ID, upsert as unknown as Changes, '')).rejects.toThrow(
    /records limit of 1000/u,
  );
  await expect(api.change(ZONE_ID, creating(many(1001)) as unknown as Changes, '')).rejects.toThrow(
    /records limit/u,
  );
  const long = Array.from({ length: 9 }, (_, index) =>
    a(
      { Name: `t${index}.example.com.`, Type: 'TXT' },
      Array.from({ length: 15 }, () => `"${'x'.repeat(250)}"`).join(' '),
    ),
  );
  await expect(api.change(ZONE_ID, creating(long) as unknown as Changes, '')).rejects.toThrow(
    /characters limit of 32000/u,
  );
});

test('health checks in use stay, and a reference is used once', async () => {
  const config = {
    Type: 'HTTP',
    IPAddress: '192.0.2.1',
    Port: 80,
    RequestInterval: 30,
    FailureThreshold: 3,
  } as const;
  const id = await api.createHealthCheck('one', config, 'www');
  await api.change(
    ZONE_ID,
    creating([
      a({ Name: 'checked.example.com.', SetIdentifier: 'x', Weight: 1, HealthCheckId: id }),
    ]) as unknown as Changes,
    '',
  );
  await expect(api.deleteHealthCheck(id)).rejects.toThrow(/in use/u);
  await expect(api.createHealthCheck('one', config, 'www')).rejects.toThrow(/already exists/u);
  expect(await api.isHealthy(id)).toBe(true);
  expect(state().checks).toMatchObject([{ title: 'www', reference: 'one' }]);
  await api.deleteHealthCheck('00000000-0000-4000-8000-999999999999');
});
