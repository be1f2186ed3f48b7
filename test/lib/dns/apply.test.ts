import { expect, test } from 'vitest';
import type { RecordSet } from '../../../src/lib/dns/record.ts';
import { planFor } from '../../../src/lib/dns/change/plan.ts';
import { apply } from '../../../src/lib/dns/route53/apply.ts';
import { observe } from '../../../src/lib/dns/route53/observe.ts';
import type { Wanted } from '../../../src/lib/dns/wanted/wanted.ts';
import { AwsError } from '../../fake-aws/errors.ts';
import { ZONE_ID } from '../../fake-aws/route53/state.ts';
import { creating, type World, world } from './fake.ts';
import { a, byFlags, NAME, wanted } from './records.ts';

type Changes = Parameters<World['api']['change']>[1];

async function bring({ api, io }: World, what: Wanted) {
  const observed = await observe(api, what);
  const plan = planFor(observed, what);
  await apply(plan, observed, what, { api, io });
  return plan.steps.length;
}

/** How many steps there are left. */
async function left({ api }: World, what: Wanted): Promise<number> {
  return planFor(await observe(api, what), what).steps.length;
}

const many = (count: number) =>
  wanted(Array.from({ length: count }, (_, index) => a({ Name: `n${index}.example.com.` })));
const batches = ({ aws }: World) =>
  aws.calls.filter(({ operation }) => operation === 'ChangeResourceRecordSets');
const blue = (weight: number) =>
  byFlags('--weighted', `blue:${weight}=192.0.2.1`, '--weighted', 'green:10=192.0.2.2');

test('brings records with health checks and networks, and then there is nothing to do', async () => {
  const here = await world({ looks: 1 });
  const first = byFlags(
    '--latency',
    'us-east-1=192.0.2.1',
    '--latency',
    'eu-west-1=192.0.2.2',
    '--health',
    'https:443/alive',
  );
  await bring(here, first);
  expect(here.records()).toEqual([
    '_lbctl-a.www.example.com. TXT - "heritage=lbctl,owner=@flags"',
    `${NAME} A eu-west-1 192.0.2.2`,
    `${NAME} A us-east-1 192.0.2.1`,
  ]);
  expect(here.state().checks).toMatchObject([
    { title: 'www.example.com 192.0.2.1', config: { ResourcePath: '/alive' } },
    { title: 'www.example.com 192.0.2.2' },
  ]);
  expect(await left(here, first)).toBe(0);

  // another question is another check, and the one before goes
  const second = byFlags('--latency', 'us-east-1=192.0.2.1', '--health', 'http');
  await bring(here, second);
  expect(here.state().checks).toMatchObject([{ config: { Type: 'HTTP' } }]);
  expect(await left(here, second)).toBe(0);

  const third = byFlags('--cidr', 'office:198.51.100.0/24=192.0.2.1', '--cidr', 'default=192.0.2.2');
  await bring(here, third);
  expect(here.state()).toMatchObject({
    checks: [],
    collections: [{ locations: { office: ['198.51.100.0/24'] } }],
  });
  const fourth = byFlags('--cidr', 'office:203.0.113.0/24=192.0.2.1', '--cidr', 'default=192.0.2.2');
  await bring(here, fourth);
  expect(here.state().collections[0]!.locations).toEqual({ office: ['203.0.113.0/24'] });
  expect(await left(here, fourth)).toBe(0);
});

const office = byFlags('--cidr', 'office:198.51.100.0/24=192.0.2.1', '--cidr', 'default=192.0.2.2');
const simple = byFlags('--simple', '192.0.2.7');

test('networks go once no record has them, and a run that was killed on the way is finished by the next', async () => {
  for (const operation of ['ChangeCidrCollection', 'DeleteCidrCollection']) {
    const here = await world();
    await bring(here, office);
    const name = here.state().collections[0]!.name;
    const plan = planFor(await observe(here.api, simple), simple);
    expect(plan.steps.at(-1)).toEqual({
      kind: 'networks',
      action: 'delete',
      resource: 'networks',
      name,
      details: ['office: 198.51.100.0/24'],
    });
    here.aws.fail({ fault: { error: new AwsError(403, 'AccessDenied', 'gone') }, operation });
    await expect(bring(here, simple)).rejects.toThrow(/gone/u);
    expect(here.records()).toContain(`${NAME} A - 192.0.2.7`);
    expect(await left(here, simple)).toBe(1);
    await bring(here, simple);
    expect(here.state().collections).toEqual([]);
    expect(await left(here, simple)).toBe(0);
  }
});

test('networks of others stay, and those that a record still has', async () => {
  const others = ['lbctl-www-example-com', 'offices', 'lbctl-00000000-00000000-www-example-com'];
  const here = await world({
    collections: others.map((name, index) => ({
      id: `c${index}`,
      name,
      version: 1,
      locations: { x: ['10.0.0.0/8'] },
    })),
  });
  await bring(here, office);
  // as import asks for them: by their ids
  const { sets } = await observe(here.api, office);
  const same = wanted(
    sets.filter((set) => set.Name === NAME),
    { owner: office.owner },
  );
  expect(await left(here, same)).toBe(0);
  expect(await left(here, wanted([a({ Name: 'other.example.com.' })], { owner: office.owner }))).toBe(1);
  await bring(here, simple);
  expect(here.state().collections.map(({ name }) => name)).toEqual(others);
});

test('killed between batches, the next run brings the rest in the batches that it takes', async () => {
  const here = await world();
  const what = many(1200);
  here.aws.fail({
    fault: { error: new AwsError(403, 'AccessDenied', 'gone') },
    operation: 'ChangeResourceRecordSets',
    skip: 1,
  });
  await expect(bring(here, what)).rejects.toThrow(/gone/u);
  expect(await left(here, what)).toBe(700);
  await bring(here, what);
  expect(await left(here, what)).toBe(0);
  expect(here.state().batches).toBe(3);
}, 60_000);

test('an answer that is lost is no second change', async () => {
  const here = await world();
  here.aws.fail({ fault: 'cut after', operation: 'ChangeResourceRecordSets' });
  await bring(here, blue(90));
  expect(await left(here, blue(90))).toBe(0);
  expect(here.state().batches).toBe(1);
});

test('waits while the zone is at work on something else, and where it is asked too often', async () => {
  const here = await world();
  const busy = new AwsError(
    400,
    'PriorRequestNotComplete',
    'The request was rejected because Route 53 was still processing a prior request.',
  );
  here.aws.fail({ fault: { error: busy }, operation: 'ChangeResourceRecordSets', times: 2 });
  here.aws.fail({ fault: 'throttled', operation: 'ListResourceRecordSets', times: 2 });
  await bring(here, blue(90));
  expect(await left(here, blue(90))).toBe(0);
  expect(batches(here)).toHaveLength(3);
});

test('what somebody has changed in between is shown, and not overwritten', async () => {
  const here = await world();
  await bring(here, blue(90));
  const observed = await observe(here.api, blue(50));
  const plan = planFor(observed, blue(50));
  const theirs = here.state().zones[0]!.sets.find(({ SetIdentifier }) => SetIdentifier === 'blue')!;
  const set = (weight: number) => a({ SetIdentifier: 'blue', Weight: weight });
  const swap = [
    { Action: 'DELETE', ResourceRecordSet: set(theirs.Weight!) },
    { Action: 'CREATE', ResourceRecordSet: set(77) },
  ];
  await here.api.change(ZONE_ID, swap as unknown as Changes, '');
  const before = here.aws.digest();
  await expect(apply(plan, observed, blue(50), here)).rejects.toMatchObject({
    code: 'changed-meanwhile',
    evidence: [expect.stringMatching(/^- .*weight=90/u), expect.stringMatching(/^\+ .*weight=77/u)],
  });
  expect(here.aws.digest()).toBe(before);
});

test('what somebody changes after the last look Route 53 refuses to delete', async () => {
  const here = await world();
  await bring(here, blue(90));
  const observed = await observe(here.api, blue(50));
  const plan = planFor(observed, blue(50));
  here.aws.fail({
    fault: { slow: 0 },
    operation: 'ListResourceRecordSets',
    onStrike: () =>
      void (here.state().zones[0]!.sets.find(({ SetIdentifier }) => SetIdentifier === 'blue')!.Weight = 77),
  });
  await expect(apply(plan, observed, blue(50), here)).rejects.toMatchObject({
    code: 'changed-meanwhile',
    evidence: [expect.stringMatching(/^- .*weight=90/u), expect.stringMatching(/^\+ .*weight=77/u)],
  });
  expect(batches(here).map(({ outcome }) => outcome)).toEqual(['OK', 'InvalidChangeBatch']);
});

test('a record that somebody has put beside them is found, too', async () => {
  const here = await world();
  await bring(here, blue(90));
  const observed = await observe(here.api, blue(50));
  const plan = planFor(observed, blue(50));
  const theirs = a({ SetIdentifier: 'red', Weight: 200 }, '192.0.2.66');
  await here.api.change(ZONE_ID, creating([theirs]) as unknown as Changes, '');
  await expect(apply(plan, observed, blue(50), here)).rejects.toMatchObject({
    code: 'changed-meanwhile',
    evidence: [expect.stringMatching(/^\+ .*id=red/u)],
  });
});

test('records that somebody makes first are left to them', async () => {
  const here = await world();
  const observed = await observe(here.api, blue(90));
  const plan = planFor(observed, blue(90));
  const theirs: RecordSet = a({ Type: 'CNAME' }, 'other.example.net.');
  await here.api.change(ZONE_ID, creating([theirs]) as unknown as Changes, '');
  await expect(apply(plan, observed, blue(90), here)).rejects.toThrow(/conflicts with other records/u);
  expect(here.records()).toEqual([`${NAME} CNAME - other.example.net.`]);
});

test('lists a zone in its pages', async () => {
  const here = await world();
  await bring(here, many(400));
  const { sets } = await observe(here.api, many(400));
  expect(sets).toHaveLength(802);
  expect(new Set(sets.map(({ Name, Type }) => `${Name} ${Type}`)).size).toBe(802);
});
