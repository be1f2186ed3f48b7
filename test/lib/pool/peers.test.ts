import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { failuresAt, recentErrors } from '../../../src/lib/pool/failures.ts';
import { openConnections, peersOf } from '../../../src/lib/pool/peers.ts';
import type { Node } from '../../../src/lib/release/node/place.ts';
import { localTransport } from '../../../src/lib/release/transports/local.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { atEnd } from '../../support/lifetime.ts';

async function localNode(): Promise<Node> {
  const folder = await temporaryFolder();
  const root = join(folder, 'root');
  return {
    transport: localTransport(),
    root,
    link: join(root, 'current'),
    leaf: '',
    nginx: 'nginx',
    options: '',
    pid: join(folder, 'pid'),
    log: join(folder, 'error.log'),
    start: 'true',
    group: '',
  };
}

/** A server that holds what connects to it, and so many connections to it; they end with the tests. */
async function held(where: { host: string } | { path: string }, count: number): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) =>
    server.listen('host' in where ? { ...where, port: 0 } : where, resolve),
  );
  const port = 'host' in where ? (server.address() as AddressInfo).port : 0;
  const sockets: Socket[] = [];
  for (let index = 0; index < count; index++) {
    const socket = connect('host' in where ? { host: where.host, port } : where);
    await new Promise((resolve) => socket.once('connect', resolve));
    sockets.push(socket);
  }
  atEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return port;
}

describe('connections', () => {
  test('are counted by address and port, over IPv4, IPv6, sockets and names', async () => {
    const node = await localNode();
    const path = join(await temporaryFolder(), 'a.sock');
    const four = await held({ host: '127.0.0.1' }, 3);
    const other = await held({ host: '127.0.0.2' }, 1);
    const six = await held({ host: '::1' }, 2);
    await held({ path }, 2);
    const addresses = {
      [`127.0.0.1:${four}`]: 3,
      [`localhost:${four}`]: 3,
      [`127.0.0.2:${other}`]: 1,
      [`127.0.0.1:${other}`]: 0,
      [`[::1]:${six}`]: 2,
      [`[0:0::0:1]:${six}`]: 2,
      [`unix:${path}`]: 2,
      'nowhere.invalid:80': undefined,
    };
    const open = await openConnections(node, Object.keys(addresses));
    expect(Object.fromEntries(open)).toEqual(addresses);
  });

  test('of UDP are the sessions that are open', async () => {
    const server = createSocket('udp4').bind(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address();
    const client = createSocket('udp4');
    atEnd(() => void [client.close(), server.close()]);
    await new Promise((resolve) => client.connect(port, '127.0.0.1', () => resolve(undefined)));
    const address = `127.0.0.1:${port}`;
    expect((await openConnections(await localNode(), [address])).get(address)).toBe(1);
  });

  test('that have ended are not counted', async () => {
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const address = `127.0.0.1:${port}`;
    await new Promise((resolve) => connect(port, '127.0.0.1').resume().once('close', resolve));
    server.close();
    const node = await localNode();
    await expect.poll(async () => (await openConnections(node, [address])).get(address)).toBe(0);
  });

  test('are looked for by the ends that the system writes', async () => {
    const peers = await peersOf(await localNode(), ['10.0.1.10:8080', '10.0.1.10', '[2001:db8::a:1]:443']);
    expect([...peers.values()].flat().map(({ end }) => end)).toEqual([
      '0A01000A:1F90',
      '0A01000A:0050',
      'B80D0120000000000000000001000A00:01BB',
    ]);
  });
});

describe('failures', () => {
  test('are those of the last quarter of an hour that name the server', async () => {
    const node = await localNode();
    const at = (minutes: number): string => {
      const date = new Date(Date.now() - minutes * 60_000);
      const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
      return local.toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/');
    };
    const line = (minutes: number, upstream: string, level = 'error'): string =>
      `${at(minutes)} [${level}] 7#7: *9 connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.1, server: , request: "GET / HTTP/1.1", upstream: "${upstream}", host: "x"`;
    writeFileSync(
      node.log,
      [
        line(20, 'http://10.0.0.1:80/'),
        line(10, 'http://10.0.0.1:80/a?b'),
        line(1, 'http://10.0.0.1:8080/'),
        line(1, 'http://10.0.0.1:80/', 'warn'),
        line(1, '10.0.0.1:80'),
        line(1, 'http://unix:/run/a.sock:/x'),
        line(1, 'grpcs://[2001:db8::1]:443'),
        'no line of NGINX',
        '',
      ].join('\n'),
    );
    const errors = await recentErrors(node);
    const addresses = ['10.0.0.1', 'unix:/run/a.sock', '[2001:db8::1]:443', '10.0.0.2'];
    const peers = await peersOf(node, addresses);
    expect(addresses.map((address) => failuresAt(peers.get(address)!, errors).count)).toEqual([2, 1, 1, 0]);
    expect(failuresAt(peers.get('10.0.0.1')!, errors).last).toBe(
      'connect() failed (111: Connection refused) while connecting to upstream',
    );
  });

  test('without a log there are none', async () => {
    expect(await recentErrors(await localNode())).toEqual([]);
  });
});
