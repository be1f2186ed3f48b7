import { createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import type { Balancer } from '../../../src/lib/balancer/schema/balancer.ts';
import { planLockdown, planUndo } from '../../../src/lib/lockdown/lockdown.ts';
import { LOCKDOWN_ACTIONS } from '../../../src/lib/lockdown/permissions.ts';
import { takeSteps } from '../../../src/lib/lockdown/take.ts';
import type { Fault } from '../../fake-aws/faults.ts';
import { serve } from '../../support/backends.ts';
import { type PoolInstances, startInstances } from '../../support/pool-instances.ts';

const balancer = (upstreams: string): Balancer =>
  readBalancer(
    `name: shop\nlisteners: { http: { port: 80 } }\nupstreams: ${upstreams}\nroutes: [{ paths: { /: web } }]\n`,
    'lb.yaml',
  ).balancer;

const SHOP = balancer('{ web: { discover: { lightsail: web-*, port: 8080 } } }');
const io = { notify: () => undefined, confirm: async () => true };

let pool: PoolInstances;

async function start(...names: string[]): Promise<PoolInstances> {
  pool = await startInstances(names);
  for (const [key, value] of Object.entries(pool.env)) vi.stubEnv(key, value);
  return pool;
}

beforeEach(() => vi.stubEnv('AWS_MAX_ATTEMPTS', '1'));
afterEach(() => vi.unstubAllEnvs());

/** Closes, or opens again; gives how many steps that took. */
async function run(how: 'close' | 'open', shop = SHOP): Promise<number> {
  const { steps } = how === 'close' ? await planLockdown(shop) : await planUndo(shop);
  await takeSteps(steps, io);
  return steps.length;
}

const callsSince = (count: number): string[] => pool.aws.calls.slice(count).map(({ operation }) => operation);
const EVERYBODY = '0.0.0.0/0 ::/0';

describe('closing the servers of a pool', () => {
  test('leaves port 22, other instances and other rules as they are, remembers, and has nothing to do then', async () => {
    const { instance, open, tags, aws } = await start('web-1', 'db-1');
    instance('web-1').ports.push({
      fromPort: 8000,
      toPort: 8999,
      protocol: 'tcp',
      cidrs: ['0.0.0.0/0', '203.0.113.0/24'],
      ipv6Cidrs: [],
      cidrListAliases: [],
    });
    expect(await run('close')).toBe(1);
    expect(open('web-1').toSorted()).toEqual([
      `tcp 22 ${EVERYBODY}`,
      'tcp 8000-8079 0.0.0.0/0 203.0.113.0/24',
      'tcp 8080 203.0.113.0/24',
      'tcp 8081-8999 0.0.0.0/0 203.0.113.0/24',
    ]);
    expect(tags('web-1')).toEqual({
      'lbctl:closed:shop': 'tcp:443:46 tcp:8080:4:8000-8999 tcp:80:46',
    });
    expect(open('db-1')).toHaveLength(3);
    const [before, changes] = [aws.calls.length, aws.changes().length];
    expect(await run('close')).toBe(0);
    expect(callsSince(before)).toEqual(['GetInstances']);
    expect(aws.changes()).toHaveLength(changes);
  });

  test('is undone to what it was', async () => {
    const { aws, instance } = await start('web-1', 'web-2');
    instance('web-2').ports = [];
    const before = aws.digest();
    await run('close');
    expect(aws.digest()).not.toBe(before);
    expect(await run('open')).toBe(1);
    const { ports } = instance('web-1');
    ports.sort((a, b) => [80, 22, 443].indexOf(a.fromPort) - [80, 22, 443].indexOf(b.fromPort));
    expect(aws.digest()).toBe(before);
    expect(await run('open')).toBe(0);
  });

  test('takes one list, four calls an instance, and one list to make sure', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `web-${index + 1}`);
    await start(...names);
    const before = pool.aws.calls.length;
    await run('close');
    const calls = callsSince(before);
    expect(calls).toHaveLength(82);
    expect(calls.filter((name) => name === 'GetInstances')).toHaveLength(2);
    await run('close');
    expect(callsSince(before + 82)).toEqual(['GetInstances']);
    await run('open');
    expect(callsSince(before + 83)).toHaveLength(82);
  });

  test('needs the permissions that are told, each of them, and no others', async () => {
    const { aws } = await start('web-1');
    const told = [...LOCKDOWN_ACTIONS.reads, ...LOCKDOWN_ACTIONS.writes].map(
      (action) => `lightsail:${action}`,
    );
    const but = (missing: string): string[] => told.filter((action) => action !== missing);
    // the others are for what takes its time, and for the way back
    const asked = ['GetInstances', 'GetInstancePortStates', 'TagResource', 'PutInstancePublicPorts'];
    for (const missing of asked.map((action) => `lightsail:${action}`)) {
      aws.allow(but(missing));
      await expect(run('close')).rejects.toMatchObject({
        kind: 'denied',
        hint: expect.stringContaining(missing) as string,
      });
    }
    aws.allow(told);
    expect(await run('close')).toBe(1);
    aws.allow(but('lightsail:UntagResource'));
    await expect(run('open')).rejects.toMatchObject({ kind: 'denied' });
    aws.allow(told);
    expect(await run('open')).toBe(1);
    const made = callsSince(0).filter((operation) => operation !== 'CreateInstances');
    expect(made.filter((operation) => !told.includes(`lightsail:${operation}`))).toEqual([]);
  });
});

describe('where somebody else is at work', () => {
  test('rules that were changed since they were read are told, and stay', async () => {
    const { open, aws, instance, call } = await start('web-1', 'web-2');
    const { steps } = await planLockdown(SHOP);
    const ports = [{ fromPort: 22, toPort: 22, protocol: 'tcp', cidrs: ['203.0.113.7/32'] }];
    await call('PutInstancePublicPorts', { instanceName: 'web-2', portInfos: ports });
    await expect(takeSteps(steps, io)).rejects.toMatchObject({
      code: 'rules-changed',
      message: 'somebody has changed the firewall of web-2 since it was read',
      evidence: [expect.stringContaining('tcp 80 from everywhere'), 'it lets in: tcp 22 from 203.0.113.7/32'],
    });
    expect(open('web-2')).toEqual(['tcp 22 203.0.113.7/32']);
    expect(instance('web-2').tags).toEqual([]);
    const changes = aws.changes().length;
    // the next run goes by what is there now
    await run('close');
    expect(aws.changes()).toHaveLength(changes);
  });

  test('ports that were opened again are closed again, which the plan tells, and all come back', async () => {
    const { open, call } = await start('web-1');
    await run('close');
    const portInfo = { fromPort: 443, toPort: 443, protocol: 'tcp', cidrs: ['0.0.0.0/0'] };
    await call('OpenInstancePublicPorts', { instanceName: 'web-1', portInfo });
    const [step] = (await planLockdown(SHOP)).steps;
    expect(step!.details).toContain('opened by somebody since lbctl closed it: tcp 443 (IPv4)');
    await run('close');
    expect(open('web-1')).toEqual([`tcp 22 ${EVERYBODY}`]);
    await run('open');
    expect(open('web-1').toSorted()).toEqual([22, 443, 80].map((port) => `tcp ${port} ${EVERYBODY}`));
  });

  test('an undo adds to rules that were changed since, and tells where a range cannot come back', async () => {
    const { open, call, instance } = await start('web-1');
    instance('web-1').ports = [
      {
        fromPort: 8000,
        toPort: 8999,
        protocol: 'tcp',
        cidrs: ['0.0.0.0/0'],
        ipv6Cidrs: [],
        cidrListAliases: [],
      },
    ];
    await run('close');
    const portInfos = [{ fromPort: 8000, toPort: 8079, protocol: 'tcp', cidrs: ['10.0.0.0/8'] }];
    await call('PutInstancePublicPorts', { instanceName: 'web-1', portInfos });
    const [step] = (await planUndo(SHOP)).steps;
    expect(step!.details).toContain(
      'somebody has changed rules of tcp 8000-8999 since: 8080 alone is opened',
    );
    await run('open');
    expect(open('web-1')).toEqual(['tcp 8000-8079 10.0.0.0/8', 'tcp 8080 0.0.0.0/0']);
  });

  test('a tag that tells nothing is left where it is', async () => {
    const { instance, tags } = await start('web-1');
    instance('web-1').tags = [{ key: 'lbctl:closed:shop', value: 'by Ann' }];
    const { steps, remarks } = await planUndo(SHOP);
    expect([steps, remarks]).toEqual([
      [],
      [expect.stringContaining('does not tell what was open ("by Ann")')],
    ]);
    await run('close');
    expect(tags('web-1')['lbctl:closed:shop']).toBe('tcp:443:46 tcp:80:46');
  });
});

/** Not done; done, and not told; and told of the past. */
const FAULTS: readonly Fault[] = ['throttled', 'cut after', { behind: 1 }, { behind: 3 }];

describe.each(['close', 'open'] as const)('each call of a run that is to %s', (how) => {
  test('may fail or be answered stale: the next run finishes it', async () => {
    // what was done to the first is there when something happens to the second
    const names = how === 'close' ? ['web-1', 'web-2'] : ['web-1'];
    const { aws, instance, lightsail, call } = await start(...names);
    const places = (): string =>
      JSON.stringify(names.map((name) => [instance(name).ports, instance(name).tags]));
    const portInfos = instance('web-1').ports;
    /** The world as it is before a run. */
    const reset = async (): Promise<void> => {
      for (const name of names) {
        await call('PutInstancePublicPorts', { instanceName: name, portInfos });
        await call('UntagResource', { resourceName: name, tagKeys: ['lbctl:closed:shop'] });
      }
      if (how === 'open') await run('close');
    };
    await reset();
    const first = aws.calls.length;
    await run(how);
    const clean = callsSince(first);
    const expected = places();
    let struck = 0;
    for (const fault of FAULTS) {
      for (let skip = 0; skip < clean.length; skip++) {
        await reset();
        const rule = aws.fail({ fault, skip });
        await run(how).catch((error: unknown) => expect(error).toMatchObject({ name: 'UserError' }));
        struck += rule.count();
        rule.stop();
        await run(how);
        expect({ fault, call: clean[skip], places: places() }).toEqual({
          fault,
          call: clean[skip],
          places: expected,
        });
        const changes = aws.changes().length;
        expect(await run(how)).toBe(0);
        expect(aws.changes()).toHaveLength(changes);
      }
    }
    // stale answers are only given to readings
    const readings = clean.filter((name) => name.startsWith('Get')).length;
    expect(struck).toBe((FAULTS.length - 2) * clean.length + 2 * readings);
    expect(lightsail.inventory().instances).toHaveLength(names.length);
  }, 120_000);
});

test('an operation that comes to nothing is told with the reason', async () => {
  const { lightsail, tags } = await start('web-1');
  lightsail.failOperation('PutInstancePublicPorts', 'The firewall is busy.');
  await expect(run('close')).rejects.toMatchObject({
    message: expect.stringContaining(
      'cannot change the firewall of web-1 in eu-west-1: The firewall is busy',
    ) as string,
  });
  expect(tags('web-1')).toHaveProperty('lbctl:closed:shop');
  expect(await run('close')).toBe(1);
});

test('a list of instances that leaves out who is let in is not taken for closed ports', async () => {
  const { open, aws } = await start('web-1');
  const server = createServer((incoming, response) => {
    const { method, headers } = incoming;
    const outgoing = request(aws.url, { method: method!, headers }, async (answer) => {
      const body = await text(answer);
      const isList = String(headers['x-amz-target']).endsWith('.GetInstances');
      const sources = /"(?:cidrs|ipv6Cidrs|cidrListAliases)":\[[^\]]*\],/gu;
      response.writeHead(answer.statusCode!).end(isList ? body.replaceAll(sources, '') : body);
    });
    incoming.pipe(outgoing);
  });
  const { port } = await serve(server);
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  expect(await run('close')).toBe(1);
  expect(open('web-1')).toEqual([`tcp 22 ${EVERYBODY}`]);
  expect(await run('close')).toBe(0);
  expect(await run('open')).toBe(1);
  expect(open('web-1')).toHaveLength(3);
});
