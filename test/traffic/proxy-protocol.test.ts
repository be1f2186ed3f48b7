import { describe, expect, test } from 'vitest';
import { type Received, startHttp } from '../support/backends.ts';
import { createAuthority } from '../support/certificates.ts';
import { exchange } from '../support/client.ts';
import { startBalancer } from '../support/nginx.ts';
import { startTcp } from '../support/streams.ts';
import { without } from '../support/tools.ts';

const VERSION_1 = 'PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n';

/** The same in the binary form. Source: the PROXY protocol, versions 1 and 2, section 2.2. */
const VERSION_2 = Buffer.concat([
  Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1'),
  Buffer.from([0x21, 0x11, 0, 12]),
  Buffer.from([203, 0, 113, 7, 192, 0, 2, 1]),
  Buffer.from([0xdc, 0x04, 0x01, 0xbb]),
]);

const REQUEST = 'GET / HTTP/1.1\r\nHost: shop.example.com\r\nConnection: close\r\n\r\n';

function withHeader(header: string | Buffer, text: string): Buffer {
  return Buffer.concat([Buffer.from(header), Buffer.from(text)]);
}

function bodyOf(answer: string): Received {
  return JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)) as Received;
}

describe.skipIf(without('nginx', 'openssl'))('PROXY protocol', () => {
  test('the address of the client is taken from a trusted balancer in front', async () => {
    const web = await startHttp('web');
    const authority = await createAuthority();
    const { cert, key } = await authority.issue(['shop.example.com']);
    const balancer = await startBalancer(
      `
name: proxy-protocol
listeners:
  trusting: { port: 8080, proxy_protocol: { trusted: [127.0.0.0/8] } }
  wary: { port: 8081, proxy_protocol: { trusted: [10.0.0.0/8] } }
  to_https: { port: 8082, proxy_protocol: { trusted: [127.0.0.1] }, redirect: https }
  https: { port: 443, proxy_protocol: { trusted: [127.0.0.1] }, tls: { certificate: shop.pem, key: shop.key } }
upstreams: { web: ["${web.address}"] }
routes:
  - host: shop.example.com
    listeners: [trusting, https]
    paths: { /: web, /walled: { upstream: web, allow: [203.0.113.0/24] } }
  - host: shop.example.com
    listeners: [wary]
    paths: { /: web }
`,
      { 'shop.pem': cert, 'shop.key': key },
    );
    for (const header of [VERSION_1, VERSION_2]) {
      const answer = await exchange({ port: balancer.port(8080) }, withHeader(header, REQUEST));
      expect(bodyOf(answer).headers).toMatchObject({
        'x-real-ip': '203.0.113.7',
        'x-forwarded-for': '203.0.113.7',
      });
      const walled = withHeader(header, REQUEST.replace('GET /', 'GET /walled'));
      expect(await exchange({ port: balancer.port(8080) }, walled)).toMatch(/^HTTP\/1.1 200/u);
    }
    const wary = await exchange({ port: balancer.port(8081) }, withHeader(VERSION_1, REQUEST));
    expect(bodyOf(wary).headers).toMatchObject({ 'x-real-ip': '127.0.0.1' });
    expect(await exchange({ port: balancer.port(8080) }, REQUEST)).toBe('');
    const moved = await exchange({ port: balancer.port(8082) }, withHeader(VERSION_2, REQUEST));
    expect(moved).toMatch(/^HTTP\/1.1 301/u);
    const logged = await balancer.accessLog(6);
    expect(logged[0]!['remote_addr']).toBe('203.0.113.7');
  });
});

describe.skipIf(without('nginx', 'stream'))('PROXY protocol in front of tcp', () => {
  test('both versions are understood, and handed on in version 1', async () => {
    const database = await startTcp('db');
    const balancer = await startBalancer(`
name: proxy-protocol-tcp
listeners:
  told: { port: 5432, protocol: tcp, upstream: database, proxy_protocol: { trusted: [127.0.0.0/8] }, send_proxy_protocol: true }
  walled: { port: 5433, protocol: tcp, upstream: database, proxy_protocol: { trusted: [127.0.0.0/8] }, deny: [203.0.113.7] }
upstreams: { database: ["${database.address}"] }
`);
    const done = (received: string) => received.includes('ping');
    for (const header of [VERSION_1, VERSION_2]) {
      const answer = await exchange({ port: balancer.port(5432) }, withHeader(header, 'ping'), done);
      expect(answer.startsWith('db\n')).toBe(true);
      expect(database.conversations.at(-1)).toMatch(
        /^PROXY TCP4 203\.0\.113\.7 127\.0\.0\.1 56324 \d+\r\nping$/u,
      );
      expect(await exchange({ port: balancer.port(5433) }, withHeader(header, 'ping'), done)).toBe('');
    }
  });
});
