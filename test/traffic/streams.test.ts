import { createSocket } from 'node:dgram';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAuthority } from '../support/certificates.ts';
import { exchange } from '../support/client.ts';
import { type RunningBalancer, startBalancer } from '../support/nginx.ts';
import { freePort } from '../support/ports.ts';
import { startTcp, startUdp, type TcpBackend } from '../support/streams.ts';
import { without } from '../support/tools.ts';

const echoed = (text: string) => (received: string) => received.includes(text);

describe.skipIf(without('nginx', 'stream'))('tcp and udp', () => {
  let a: TcpBackend, b: TcpBackend;
  let balancer: RunningBalancer;

  beforeAll(async () => {
    [a, b] = [await startTcp('a'), await startTcp('b')];
    const udp = [await startUdp('u1'), await startUdp('u2')];
    balancer = await startBalancer(`
name: streams
listeners:
  tcp: { port: 5432, protocol: tcp, upstream: database }
  dying: { port: 5433, protocol: tcp, upstream: half }
  closed: { port: 5434, protocol: tcp, upstream: database, allow: [10.0.0.0/8] }
  told: { port: 5435, protocol: tcp, upstream: database, send_proxy_protocol: true }
  limited: { port: 5436, protocol: tcp, upstream: database, connection_limit: 1 }
  quiet: { port: 5437, protocol: tcp, upstream: database, timeout: 300ms }
  dns: { port: 53, protocol: udp, upstream: names, responses: 1, timeout: 2s }
upstreams:
  database: ["${a.address}", "${b.address}"]
  half: ["127.0.0.1:${await freePort()}", "${b.address}"]
  names: [${udp.map(({ address }) => `"${address}"`).join(', ')}]
`);
  });

  const talk = (port: number, text: string, first = '') =>
    exchange({ port: balancer.port(port) }, `${first}${text}`, echoed(text));

  test('connections are spread over the servers', async () => {
    const names = new Set<string>();
    for (let index = 0; index < 8; index++) names.add((await talk(5432, `ping ${index}`)).slice(0, 1));
    expect([...names].toSorted()).toEqual(['a', 'b']);
  });

  test('a server that refuses is passed over', async () => {
    for (let index = 0; index < 4; index++) expect(await talk(5433, 'ping')).toBe('b\nping');
  });

  test('addresses that are not allowed are turned away', async () => {
    expect(await talk(5434, 'ping')).toBe('');
  });

  test('the servers learn the client address by the PROXY protocol', async () => {
    const before = a.conversations.length + b.conversations.length;
    await talk(5435, 'ping');
    const conversations = [...a.conversations, ...b.conversations];
    expect(conversations.length).toBe(before + 1);
    const told = conversations.filter((text) => text.startsWith('PROXY '));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^PROXY TCP4 127\.0\.0\.1 127\.0\.0\.1 \d+ \d+\r\nping$/u);
  });

  test('a connection limit holds', async () => {
    const first = exchange({ port: balancer.port(5436) }, 'first', echoed('never'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await talk(5436, 'second')).toBe('');
    void first;
  });

  test('a silent connection is closed after the timeout', async () => {
    const started = Date.now();
    await exchange({ port: balancer.port(5437) }, 'x', echoed('never'));
    expect(Date.now() - started).toBeGreaterThan(250);
    expect(Date.now() - started).toBeLessThan(3000);
  });

  test('datagrams are answered by all servers', async () => {
    const query = (text: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = createSocket('udp4');
        socket.on('message', (message) => {
          socket.close();
          resolve(message.toString());
        });
        socket.send(text, balancer.port(53), '127.0.0.1');
      });
    const answers = await Promise.all(['one', 'two', 'three', 'four'].map(query));
    expect(answers.map((answer) => answer.slice(3)).toSorted()).toEqual(['four', 'one', 'three', 'two']);
    expect(new Set(answers.map((answer) => answer.slice(0, 2)))).toEqual(new Set(['u1', 'u2']));
  });
});

describe.skipIf(without('nginx', 'stream', 'openssl'))('TLS passthrough', () => {
  test('the requested name decides, and the server itself shows its certificate', async () => {
    const authority = await createAuthority();
    const [shop, other, rest] = await Promise.all([
      authority.issue(['shop.example.com']),
      authority.issue(['a.example.org', 'b.example.org']),
      authority.issue(['rest.example.net']),
    ]);
    const [one, two, three] = [
      await startTcp('one', shop),
      await startTcp('two', other),
      await startTcp('three', rest),
    ];
    const balancer = await startBalancer(`
name: passthrough
listeners:
  tls: { port: 443, sni: { shop.example.com: one, "*.example.org": two } }
  all: { port: 8443, sni: { shop.example.com: one, "*": three } }
upstreams: { one: ["${one.address}"], two: ["${two.address}"], three: ["${three.address}"] }
`);
    const talk = (servername: string, port = 443): Promise<string> =>
      exchange({ port: balancer.port(port), ca: authority.cert, servername }, 'hi', echoed('hi'));
    expect(await talk('shop.example.com')).toBe('one\nhi');
    expect(await talk('SHOP.example.com')).toBe('one\nhi');
    expect(await talk('b.example.org')).toBe('two\nhi');
    await expect(talk('stranger.example')).rejects.toThrow(/ECONNRESET|disconnected/u);
    expect(await talk('rest.example.net', 8443)).toBe('three\nhi');
  });
});

describe.skipIf(without('nginx', 'stream', 'openssl'))('TLS in front of tcp', () => {
  test('is ended here, and the server gets plain bytes', async () => {
    const authority = await createAuthority();
    const { cert, key } = await authority.issue(['db.example.com']);
    const database = await startTcp('db');
    const balancer = await startBalancer(
      `
name: tcp-tls
listeners:
  tcp: { port: 5432, protocol: tcp, upstream: database, tls: { certificate: db.pem, key: db.key } }
upstreams: { database: ["${database.address}"] }
`,
      { 'db.pem': cert, 'db.key': key },
    );
    const options = { port: balancer.port(5432), ca: authority.cert, servername: 'db.example.com' };
    expect(await exchange(options, 'select', echoed('select'))).toBe('db\nselect');
    expect(database.conversations).toEqual(['select']);
  });
});
