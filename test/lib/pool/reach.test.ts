import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Balancer } from '../../../src/lib/balancer/schema/balancer.ts';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { reachedFrom } from '../../../src/lib/pool/reach.ts';
import type { Node } from '../../../src/lib/release/node/place.ts';
import { localTransport } from '../../../src/lib/release/transports/local.ts';
import { serve, startHttp } from '../../support/backends.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { atEnd } from '../../support/lifetime.ts';
import { freePort } from '../../support/ports.ts';
import { without } from '../../support/tools.ts';

async function nodeIn(folder: string, name = 'here'): Promise<Node> {
  const place = { link: '', leaf: '', nginx: 'nginx', options: '', pid: '', log: '', start: '', group: '' };
  return { transport: { ...localTransport(), name }, root: join(folder, 'lbctl'), ...place };
}

function serversOf({ upstreams }: Balancer) {
  return Object.entries(upstreams).flatMap(([upstream, { servers }]) =>
    servers.map(({ address, down = false }) => ({ upstream, address, down })),
  );
}

describe.skipIf(without('curl'))('what servers answer a node', () => {
  test('is told by health path, else by a connection', async () => {
    const folder = await temporaryFolder();
    const marker = join(folder, 'run');
    const [well, ill] = [await startHttp('well'), await startHttp('ill', { status: 503 })];
    const { port: silent } = await serve(createServer());
    const closed = await freePort();
    const socket = createServer().listen(join(folder, 'a.sock'));
    atEnd(() => void socket.close());
    const path = `/a?b=$(touch ${marker});'"\`touch ${marker}\` é`;
    const { balancer } = readBalancer(
      `name: shop
listeners: { http: { port: 80 }, udp: { port: 53, protocol: udp, upstream: dns } }
upstreams:
  asked:
    health: { path: ${JSON.stringify(path)} }
    servers: [${well.address}, ${ill.address}, "127.0.0.1:${closed}", "no-such-host.invalid:80", "127.0.0.1:${silent}", { address: 127.0.0.2:80, down: true }]
  plain: ["127.0.0.1:${silent}", "127.0.0.1:${closed}", "unix:${folder}/a.sock", "unix:${folder}/none.sock"]
  dns: [127.0.0.1:${closed}]
routes: [{ paths: { /: asked, /plain: plain } }]
`,
      'lb.yaml',
    );
    const reached = await reachedFrom([await nodeIn(folder)], balancer, serversOf(balancer));
    const seen = Object.fromEntries(
      [...reached].map(([word, { state, detail }]) => [word, `${state}: ${detail}`]),
    );
    expect(well.received.map(({ url }) => decodeURI(url))).toEqual([path]);
    expect(seen).toEqual({
      [`asked/${well.address}`]: expect.stringMatching(/^up: .* answers 200$/u) as string,
      [`asked/${ill.address}`]: expect.stringMatching(/^down: .* answers 503$/u) as string,
      [`asked/127.0.0.1:${closed}`]: 'down: refuses connections',
      'asked/no-such-host.invalid:80': 'down: has no address there',
      [`asked/127.0.0.1:${silent}`]: 'down: no answer in 2 s',
      'asked/127.0.0.2:80': 'not probed: marked down',
      [`plain/127.0.0.1:${silent}`]: 'up: connects',
      [`plain/127.0.0.1:${closed}`]: 'down: takes no connection',
      [`plain/unix:${folder}/a.sock`]: 'up: connects',
      [`plain/unix:${folder}/none.sock`]: 'down: refuses connections',
      [`dns/127.0.0.1:${closed}`]: 'not probed: udp',
    });
    expect(reached.get(`asked/${well.address}`)!.milliseconds).toEqual(expect.any(Number));
    expect(existsSync(marker)).toBe(false);
  });

  test('is down where some of several nodes do not reach it, which are named, or counted', async () => {
    const folder = await temporaryFolder();
    let count = 0;
    // the second one that asks is turned away
    const server = await startHttp('one', () => ({ status: count++ === 0 ? 200 : 500 }));
    const { balancer } = readBalancer(
      `name: shop
listeners: { http: { port: 80 } }
upstreams: { web: { health: { path: /up }, servers: [${server.address}] } }
routes: [{ paths: { /: web } }]
`,
      'lb.yaml',
    );
    const nodes = [await nodeIn(folder, 'lb1'), await nodeIn(folder, 'lb2')];
    const [told] = [...(await reachedFrom(nodes, balancer, serversOf(balancer))).values()];
    expect(told).toMatchObject({ state: 'down', milliseconds: null });
    expect(told!.detail).toMatch(/^\/up answers 500 \(from lb[12]\)$/u);
    count = 0;
    const six = await Promise.all([1, 2, 3, 4, 5, 6].map((number) => nodeIn(folder, `lb${number}`)));
    const [most] = [...(await reachedFrom(six, balancer, serversOf(balancer))).values()];
    expect(most!.detail).toMatch(/ \(from lb\d, lb\d, lb\d and 2 more\)$/u);
  });
});
