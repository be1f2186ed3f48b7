import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { json } from '../fake-aws/protocols/json.ts';
import { type FakeAws, startFakeAws } from '../fake-aws/server.ts';
import { defineService } from '../fake-aws/service.ts';
import { lbctl } from '../support/cli.ts';
import { request } from '../support/client.ts';
import { temporaryFolder } from '../support/folder.ts';
import { atEnd } from '../support/lifetime.ts';
import { ended } from '../support/pool.ts';
import { freePort } from '../support/ports.ts';
import { without } from '../support/tools.ts';

/** An instance, as the API tells of it. */
interface Instance {
  readonly name: string;
  state: { name: string };
  readonly privateIpAddress: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

let aws: FakeAws;
/** web-1, web-2, web-3 and db-1 at 127.0.0.1 to 127.0.0.4, two a page. */
let instances: Instance[];

beforeEach(async () => {
  const names = ['web-2', 'web-1', 'db-1', 'web-3'];
  const service = defineService({
    name: 'lightsail',
    protocol: json('Lightsail_20161128'),
    state: {
      instances: names.map((name, index) => ({
        name,
        state: { name: 'running' },
        privateIpAddress: `127.0.0.${index + 1}`,
        tags: name.startsWith('web') ? [{ key: 'role', value: 'web' }] : [],
      })),
    },
    regions: ['eu-west-1'],
    operations: {
      GetInstances: {
        mutates: false,
        run: ({ instances }, { pageToken = '0' }: { pageToken?: string }) => ({
          instances: instances.slice(Number(pageToken), Number(pageToken) + 2),
          ...(Number(pageToken) + 2 < instances.length
            ? { nextPageToken: String(Number(pageToken) + 2) }
            : {}),
        }),
      },
    },
    inventory: ({ instances }) => instances,
  });
  aws = await startFakeAws([service]);
  instances = service.state().instances;
});

const set = (name: string, state: string): void => {
  instances.find((instance) => instance.name === name)!.state = { name: state };
};

/** A balancer whose upstreams are these; `LISTENER` and `PORT` stand for ports that are free. */
async function newFinder(upstreams: string) {
  const [folder, port, servers] = [await temporaryFolder(), await freePort(), await freePort()];
  const write = (text: string): void =>
    writeFileSync(
      join(folder, 'lb.yaml'),
      `name: shop\nlisteners: { http: { port: ${port} } }\nupstreams:\n${text.replaceAll('PORT', String(servers))}\nroutes: [{ paths: { /: web } }]\n`,
    );
  write(upstreams);
  const env = { ...aws.env, AWS_REGION: 'eu-west-1' };
  const run = (...args: string[]) => lbctl(args, { cwd: folder, env });
  return { folder, port, servers, write, run };
}

/** The same, with an HTTP server at every address that tells by which one it was asked. */
async function startFinder(upstreams: string) {
  const finder = await newFinder(upstreams);
  const server = createServer((message, response) => void response.end(message.socket.localAddress));
  await new Promise<void>((resolve) => server.listen(finder.servers, '0.0.0.0', resolve));
  atEnd(async () => {
    await finder.run('down', '--yes');
    server.closeAllConnections();
    server.close();
  });
  const reached = async (): Promise<string[]> => {
    const answers = [];
    for (let index = 0; index < 12; index++) answers.push((await request({ port: finder.port })).body);
    return [...new Set(answers)].toSorted();
  };
  return { ...finder, reached };
}

const WEB = '  web: { discover: { lightsail: web-*, port: PORT } }';

describe('servers that are found', () => {
  test('are rendered in the order of their names, from one list, however many upstreams ask', async () => {
    const { run, servers } = await newFinder(
      `${WEB}\n  tagged: { discover: { lightsail: { name: "*", tag: { key: role } }, port: 81 } }`,
    );
    const { code, stdout } = await run('generate');
    expect(code).toBe(0);
    expect([...stdout.matchAll(/^ +server (\S+) max_fails/gmu)].map(([, address]) => address)).toEqual([
      `127.0.0.2:${servers}`,
      `127.0.0.1:${servers}`,
      `127.0.0.4:${servers}`,
      '127.0.0.2:81',
      '127.0.0.1:81',
      '127.0.0.4:81',
    ]);
    expect(aws.calls.map(({ operation }) => operation)).toEqual(['GetInstances', 'GetInstances']);
  });

  test('are not asked for by lint and config', async () => {
    const { run } = await newFinder(WEB);
    expect(await run('lint', 'lb.yaml')).toMatchObject({ code: 0 });
    const { stdout } = await run('config');
    expect(stdout).toMatch(/discover:\n +lightsail:\n +name: web-\*\n +address: private # default\n/u);
    expect(stdout).not.toContain('servers:');
    expect(aws.calls).toEqual([]);
  });

  test('are told of where there are none, or AWS does not tell', async () => {
    const { run } = await newFinder(WEB);
    for (const name of ['web-1', 'web-2', 'web-3']) set(name, 'stopped');
    expect(await run('generate')).toMatchObject(
      ended(3, 'lb.yaml:4:', 'no server is found for upstream web', 'hint: web-1 is stopped: aws lightsail'),
    );
    aws.fail({ fault: 'denied' });
    expect(await run('generate')).toMatchObject(ended(4, 'allow lightsail:GetInstances'));
  });
});

describe.skipIf(without('nginx', 'curl'))('a balancer that finds its servers', () => {
  test('follows them at each deploy', async () => {
    const { run, reached } = await startFinder(WEB);
    set('web-3', 'pending');
    expect(await run('up')).toMatchObject(ended(0, 'web-3 is pending, and is left out of web'));
    expect(await reached()).toEqual(['127.0.0.1', '127.0.0.2']);
    expect((await run('plan')).stdout).toContain('no changes');
    set('web-3', 'running');
    expect((await run('plan')).stdout).toContain('~ upstreams.conf (+1 -0)');
    expect(await run('deploy', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(await reached()).toEqual(['127.0.0.1', '127.0.0.2', '127.0.0.4']);
  });

  test('does not lose more than half of them by a slip', async () => {
    const { run, reached, write } = await startFinder(WEB);
    expect(await run('up')).toMatchObject({ code: 0 });
    write(WEB.replace('web-*', 'web-1'));
    expect(await run('plan')).toMatchObject(ended(0, 'would have 1 of 3 servers left: --accept-fewer'));
    expect(await run('deploy', '--yes', '--watch', '0')).toMatchObject(
      ended(3, 'upstream web would have 1 of 3 servers left', 'hint:', '--accept-fewer'),
    );
    expect(await reached()).toHaveLength(3);
    expect(await run('up', '--yes', '--watch', '0', '--accept-fewer')).toMatchObject({ code: 0 });
    expect(await reached()).toEqual(['127.0.0.2']);
  });

  test('is drained, listed and told of without AWS', async () => {
    const { run, reached, servers } = await startFinder(WEB);
    expect(await run('up')).toMatchObject({ code: 0 });
    expect((await run('pool', 'list')).stdout).toMatch(
      new RegExp(`127\\.0\\.0\\.2:${servers} +web-1, Lightsail eu-west-1 +serving +up`, 'u'),
    );
    aws.allow([]);
    const before = aws.calls.length;
    expect(await run('pool', 'drain', '127.0.0.2', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(await reached()).toEqual(['127.0.0.1', '127.0.0.4']);
    expect(await run('pool', 'drain', '127.0.0.9', '--yes')).toMatchObject(ended(2, 'no upstream has'));
    expect(await run('pool', 'undrain', '127.0.0.1', '--yes')).toMatchObject(ended(2, 'is not drained'));
    expect(await run('pool', 'add', 'web', '127.0.0.5:80', '--yes')).toMatchObject(
      ended(2, 'upstream web finds its servers', 'hint:'),
    );
    expect(aws.calls.length).toBe(before);
    const { stdout, stderr, code } = await run('pool', 'list');
    expect([code, stderr]).toEqual([0, expect.stringContaining('cannot list the instances') as string]);
    expect(stdout).toMatch(/127\.0\.0\.2:\d+ +not found now +drained/u);
    expect(await run('status')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('! cannot list the instances') as string,
    });
    expect(await run('pool', 'undrain', '127.0.0.2', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
  }, 60_000);
});

describe.skipIf(without('nginx', 'curl'))('servers that are written beside others that are found', () => {
  test('are added as ever', async () => {
    const { run, servers, write } = await startFinder(`${WEB}\n  api: [127.0.0.6:PORT]`);
    expect(await run('up')).toMatchObject({ code: 0 });
    expect(await run('pool', 'add', 'api', `127.0.0.7:${servers}`, '--yes', '--watch', '0')).toMatchObject({
      code: 0,
    });
    const { stdout } = await run('generate');
    expect([...stdout.matchAll(/server 127\.0\.0\.(\d)/gu)].map(([, last]) => last)).toEqual(
      '21467'.split(''),
    );
    write(`${WEB.replace('web-*', 'web-1')}\n  api: [127.0.0.6:PORT, 127.0.0.7:PORT]`);
    expect(await run('pool', 'remove', 'api', '127.0.0.7', '--yes')).toMatchObject(
      ended(3, '1 of 3 servers'),
    );
  });
});
