import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AwsError } from '../fake-aws/errors.ts';
import { world } from '../lib/dns/fake.ts';
import { lbctl } from '../support/cli.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';

const LB = (weights: string) => `name: shop
listeners: { http: { port: 8080 } }
dns:
  zone: example.com
  name: shop.example.com
  policy: weighted
  answers: ${weights}
`;
const FLAGS = ['--zone', 'example.com', '--name', 'www.example.com'];

/** A folder with an lb.yaml, and a Route 53 of its own. */
async function place(state: Parameters<typeof world>[0] = {}) {
  const here = await world(state);
  const cwd = await temporaryFolder();
  await writeFiles(cwd, {
    'lb.yaml': LB('{ blue: { to: 192.0.2.1, weight: 90 }, green: { to: 192.0.2.2, weight: 10 } }'),
  });
  const run = (...args: string[]) =>
    lbctl(['dns', ...args], { cwd, env: { ...here.aws.env, XDG_STATE_HOME: join(cwd, 'state') } });
  return { ...here, cwd, run };
}

test('plan, apply, list and undo', async () => {
  const { run, records, cwd, aws } = await place();
  expect(await run('plan', '--check')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('+   record shop.example.com A'),
  });
  expect(aws.changes()).toEqual([]);
  expect(await run('apply')).toMatchObject({ code: 2, stderr: expect.stringContaining('pass --yes') });
  const applied = await run('apply', '--yes', '--json');
  expect(applied.code).toBe(0);
  expect(JSON.parse(applied.stdout)).toMatchObject({
    zone: 'example.com',
    changed: true,
    summary: { create: 1 },
  });
  const first = records();
  expect(first).toHaveLength(3);
  expect(await run('plan', '--check')).toMatchObject({
    code: 0,
    stdout: 'example.com (Route 53): no changes\n',
  });
  const list = await run('list', '--name', 'shop.example.com');
  expect(list.stdout).toMatch(/^shop +shop\.example\.com A 60 192\.0\.2\.1 +weight=90 +id=blue$/mu);

  await writeFiles(cwd, { 'lb.yaml': LB('{ blue: 192.0.2.9 }') });
  expect(await run('apply', '--yes')).toMatchObject({ code: 0 });
  expect(records()).not.toEqual(first);
  expect(await run('undo', '--yes')).toMatchObject({ code: 0 });
  expect(records()).toEqual(first);
});

test('flags do the same in a pipeline, health checks included, and undo makes those anew', async () => {
  const { run, records, state } = await place();
  const failover = [
    '--failover',
    'primary=192.0.2.1',
    '--failover',
    'secondary=192.0.2.2',
    '--health',
    'https:443/alive',
  ];
  expect(await run('apply', ...FLAGS, ...failover, '--yes')).toMatchObject({ code: 0 });
  const before = records();
  expect(await run('apply', ...FLAGS, '--simple', '192.0.2.7', '--yes')).toMatchObject({ code: 0 });
  expect(state().checks).toEqual([]);
  expect(await run('undo', '--zone', 'example.com', '--yes')).toMatchObject({ code: 0 });
  expect(records()).toEqual(before);
  expect(state().checks).toHaveLength(2);
  expect(await run('plan', ...FLAGS, ...failover, '--check')).toMatchObject({ code: 0 });
});

test('undo brings back networks that went with their records', async () => {
  const { run, state } = await place();
  const office = ['--cidr', 'office:198.51.100.0/24=192.0.2.1', '--cidr', 'default=192.0.2.2'];
  expect(await run('apply', ...FLAGS, ...office, '--yes')).toMatchObject({ code: 0 });
  const gone = await run('apply', ...FLAGS, '--simple', '192.0.2.7', '--yes');
  expect(gone).toMatchObject({ code: 0, stderr: expect.stringMatching(/networks lbctl-\S+ are deleted/u) });
  expect(state().collections).toEqual([]);
  expect(await run('undo', '--zone', 'example.com', '--yes')).toMatchObject({ code: 0 });
  expect(state().collections).toMatchObject([{ locations: { office: ['198.51.100.0/24'] } }]);
  expect(await run('plan', ...FLAGS, ...office, '--check')).toMatchObject({ code: 0 });
});

test('what cannot be is refused before any call, and records of others stop the plan until they are taken over', async () => {
  const { run, state, aws, cwd } = await place();
  const bad = await run('apply', ...FLAGS, '--geo', 'continent:EU=192.0.2.1', '--yes');
  expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('no default location') });
  expect(aws.calls).toEqual([]);

  const theirs = { Name: 'www.example.com.', Type: 'A', TTL: 60, Values: ['192.0.2.1'] };
  state().zones[0]!.sets.push(theirs);
  const stopped = await run('apply', ...FLAGS, '--simple', '192.0.2.7', '--yes');
  expect(stopped).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('records that lbctl did not make'),
  });
  expect(stopped.stderr).toContain('www.example.com A 60 192.0.2.1');
  expect(await run('export', ...FLAGS, '--out', 'www.json')).toMatchObject({ code: 0 });
  expect(await run('import', 'www.json', '--zone', 'example.com', '--yes')).toMatchObject({ code: 0 });
  expect(await run('apply', ...FLAGS, '--simple', '192.0.2.7', '--yes')).toMatchObject({ code: 0 });

  expect(await run('export', '--zone', 'example.com', '--out', 'zone.bind')).toMatchObject({ code: 0 });
  expect(readFileSync(join(cwd, 'zone.bind'), 'utf8')).toContain('www.example.com.\t60\tIN\tA\t192.0.2.7');
  const again = await run('import', 'zone.bind', '--zone', 'example.com', '--yes');
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('no changes') });
  await writeFiles(cwd, { 'bad.zone': 'www IN BOGUS 1\n' });
  expect(await run('import', 'bad.zone', '--zone', 'example.com', '--yes')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('bad.zone:1:1'),
  });
});

test('shift moves weights step by step, and goes back when what gets more is dead', async () => {
  const { run, state, records } = await place();
  const weights = () =>
    state()
      .zones[0]!.sets.flatMap(({ SetIdentifier, Weight }) =>
        Weight === undefined ? [] : [`${SetIdentifier} ${Weight}`],
      )
      .toSorted();
  const blueGreen = [
    '--weighted',
    'blue:100=192.0.2.1',
    '--weighted',
    'green:0=192.0.2.2',
    '--health',
    'tcp:80',
  ];
  await run('apply', ...FLAGS, ...blueGreen, '--yes');
  const shift = ['shift', 'blue=80', 'green=20', ...FLAGS, '--step', '10', '--every', '0', '--yes'];
  expect(await run(...shift)).toMatchObject({ code: 0, stderr: expect.stringContaining('move 2 of 2') });
  expect(weights()).toEqual(['blue 80', 'green 20']);

  const before = records();
  for (const check of state().checks) check.isHealthy = check.title.endsWith('192.0.2.1');
  const dead = await run('shift', 'green=90', ...FLAGS, '--step', '10', '--every', '0', '--yes');
  expect(dead).toMatchObject({ code: 3, stderr: expect.stringContaining('going back') });
  expect(weights()).toEqual(['blue 80', 'green 20']);
  expect(records()).toEqual(before);
  expect(await run('shift', 'red=1', ...FLAGS, '--yes')).toMatchObject({ code: 2 });
});

test('shift writes the weights into lb.yaml as they serve, so that apply brings back no others', async () => {
  const { run, state, cwd, aws } = await place();
  const file = join(cwd, 'lb.yaml');
  const text = (blue: number, green: number) =>
    LB(`# by hand\n    blue: { to: 192.0.2.1, weight: ${blue} } # old\n    green: 192.0.2.2`).replace(
      'green: 192.0.2.2',
      green === 1 ? 'green: 192.0.2.2' : `green: { to: 192.0.2.2, weight: ${green} }`,
    );
  await writeFiles(cwd, { 'lb.yaml': text(90, 1) });
  await run('apply', '--yes');
  const shifted = await run('shift', 'blue=50', 'green=50', '--yes', '--json');
  expect(shifted).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('lb.yaml has the weights as they serve: blue 50, green 50'),
  });
  expect(JSON.parse(shifted.stdout)).toMatchObject({ changed: true, file: true });
  expect(readFileSync(file, 'utf8')).toBe(text(50, 50));
  expect(await run('plan', '--check')).toMatchObject({ code: 0 });

  // stopped by what Route 53 says to the second move
  aws.fail({
    fault: { error: new AwsError(403, 'AccessDenied', 'gone') },
    operation: 'ChangeResourceRecordSets',
    skip: 1,
  });
  const stopped = await run('shift', 'blue=30', 'green=70', '--step', '10', '--every', '0', '--yes');
  expect(stopped).toMatchObject({ code: 4, stderr: expect.stringContaining('blue 40, green 60') });
  expect(readFileSync(file, 'utf8')).toBe(text(40, 60));
  expect(await run('plan', '--check')).toMatchObject({ code: 0 });

  // what was written by an older hand is brought in line though nothing moves
  await writeFiles(cwd, { 'lb.yaml': text(90, 1) });
  expect(await run('shift', 'blue=40', 'green=60', '--yes')).toMatchObject({ code: 0 });
  expect(readFileSync(file, 'utf8')).toBe(text(40, 60));

  // a layout that cannot be edited keeps nobody from moving
  const list = LB('\n    blue:\n      - 192.0.2.1\n    green: { to: 192.0.2.2, weight: 60 }');
  await writeFiles(cwd, { 'lb.yaml': list });
  const odd = await run('shift', 'blue=20', '--yes');
  expect(odd).toMatchObject({ code: 0, stderr: expect.stringContaining('by hand, or the next apply') });
  const afar = await run('shift', 'blue=10', '--zone', 'example.com', '--yes');
  expect(afar).toMatchObject({ code: 0, stderr: expect.stringContaining('kept by balancer shop: write') });
  expect(readFileSync(file, 'utf8')).toBe(list);
  expect(state().zones[0]!.sets.map(({ Weight }) => Weight)).toContain(10);
});

test('more than 30% of ten records takes --force, and a zone or credentials that there are not are told', async () => {
  const { run, aws } = await place();
  const many = (count: number) =>
    Array.from({ length: 10 }, (_, index) => [
      '--weighted',
      `n${index}:${index < count ? 9 : 1}=192.0.2.${index + 1}`,
    ]).flat();
  expect(await run('apply', ...FLAGS, ...many(0), '--yes')).toMatchObject({ code: 0 });
  expect(await run('apply', ...FLAGS, ...many(3), '--yes')).toMatchObject({ code: 0 });
  const guarded = await run('apply', ...FLAGS, ...many(10), '--yes');
  expect(guarded).toMatchObject({ code: 3, stderr: expect.stringContaining('pass --force') });
  expect(await run('apply', ...FLAGS, ...many(10), '--yes', '--force')).toMatchObject({ code: 0 });

  expect(await run('list', '--zone', 'example.org')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('no public hosted zone example.org'),
  });
  aws.allow(['route53:List*']);
  const denied = await run('apply', ...FLAGS, ...many(0), '--yes', '--force');
  expect(denied).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('route53:ChangeResourceRecordSets'),
  });
});

test('where --live compares what name servers answer', async () => {
  const { run, state } = await place({ places: { '203.0.113.': { country: 'DE', continent: 'EU' } } });
  const geo = ['--geo', 'default=192.0.2.1', '--geo', 'continent:EU=192.0.2.2'];
  await run('apply', ...FLAGS, ...geo, '--yes');
  const live = ['where', ...FLAGS, ...geo, '--live', '--from'];
  expect(await run(...live, '203.0.113.7')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('192.0.2.2  as by continent:EU (Europe)'),
  });
  expect(await run(...live, '198.51.100.7')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('192.0.2.1  as by default'),
  });
  const now = await run('where', ...FLAGS, '--from', 'DE');
  expect(now).toMatchObject({ code: 0, stdout: expect.stringContaining('192.0.2.2  continent:EU (Europe)') });
  for (const set of state().zones[0]!.sets) if (set.SetIdentifier === 'default') set.Values = ['192.0.2.66'];
  expect(await run(...live, '198.51.100.7')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('nobody is to get'),
  });
  expect(await run(...live, 'DE')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--from 203.0.113.7 --live'),
  });
});

test('killed between two batches, the next run brings the rest', async () => {
  const { aws, cwd, state } = await place();
  const sets = Array.from({ length: 1200 }, (_, index) => ({
    Name: `n${index}.example.com`,
    Type: 'A',
    TTL: 60,
    ResourceRecords: [{ Value: '192.0.2.1' }],
  }));
  await writeFiles(cwd, { 'many.json': JSON.stringify({ ResourceRecordSets: sets }) });
  const env = { ...aws.env, XDG_STATE_HOME: join(cwd, 'state') };
  const args = ['dns', 'import', 'many.json', '--zone', 'example.com', '--yes'];
  let child: ChildProcess | undefined;
  aws.fail({
    fault: { slow: 0 },
    operation: 'ChangeResourceRecordSets',
    onStrike: () => void child?.kill('SIGKILL'),
  });
  const killed = await lbctl(args, { cwd, env, watch: (process) => (child = process) });
  expect(killed.signal).toBe('SIGKILL');
  expect(state().batches).toBe(1);
  expect(await lbctl(args, { cwd, env })).toMatchObject({ code: 0 });
  expect(state().batches).toBe(3);
  expect(state().zones[0]!.sets.filter(({ Type }) => Type === 'A')).toHaveLength(1200);
  expect(await lbctl(args, { cwd, env })).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('no changes'),
  });
});
