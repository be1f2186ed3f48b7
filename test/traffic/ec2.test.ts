import { describe, expect, test } from 'vitest';
import { HEALTH_PORTS, proxyPortOf } from '../../src/lib/balancer/ec2.ts';
import { type Received, startHttp } from '../support/backends.ts';
import { exchange, request } from '../support/client.ts';
import { ELSEWHERE, startBalancer } from '../support/nginx.ts';
import { without } from '../support/tools.ts';

/** Version 2 of the PROXY protocol: 203.0.113.7 connects to 192.0.2.1. */
const HEADER = Buffer.concat([
  Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1'),
  Buffer.from([0x21, 0x11, 0, 12, 203, 0, 113, 7, 192, 0, 2, 1, 0xdc, 0x04, 0x01, 0xbb]),
]);

const received = (answer: string) =>
  JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)) as Received;

const lines = (path: string, host: string) =>
  Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

describe.skipIf(without('nginx'))('a node behind the load balancer of ec2', () => {
  test('tells its health at ports of their own, knows clients by both ways, and that TLS has ended before it', async () => {
    const web = await startHttp('web');
    const server = web.address.replace('127.0.0.1', ELSEWHERE);
    const balancer = await startBalancer(`
name: shop
provider: ec2
ec2: { proxy_protocol: ready, vpc: { cidr: 127.0.0.0/16 } }
listeners:
  http: { port: 80, redirect: https }
  https: { port: 443, tls: { acm: 'arn:aws:acm:eu-west-1:111122223333:certificate/0f3c' } }
  open: { port: 8080 }
upstreams: { web: ["${server}"] }
routes:
  - host: shop.example.com
    listeners: [https]
    hsts: true
    paths: { /: web, /old: { redirect: '$scheme://new.example.com/' } }
  - { host: open.example.com, listeners: [open], paths: { /: web } }
`);
    const [plain, proxied] = HEALTH_PORTS;
    expect(await request({ port: balancer.port(plain), path: '/healthz' })).toMatchObject({
      status: 200,
      body: 'ok\n',
    });
    const health = Buffer.concat([HEADER, lines('/healthz', '127.0.0.1')]);
    expect(await exchange({ port: balancer.port(proxied) }, health)).toMatch(/^HTTP\/1.1 200/u);

    for (const [port, header, client] of [
      [443, Buffer.alloc(0), '127.0.0.1'],
      [proxyPortOf(443), HEADER, '203.0.113.7'],
    ] as const) {
      const ask = (path: string) =>
        exchange({ port: balancer.port(port) }, Buffer.concat([header, lines(path, 'shop.example.com')]));
      const answer = await ask('/');
      expect(received(answer).headers).toMatchObject({ 'x-real-ip': client, 'x-forwarded-proto': 'https' });
      expect(answer).toMatch(/^Strict-Transport-Security: /mu);
      expect(await ask('/old')).toContain('Location: https://new.example.com/');
    }
    const open = await exchange({ port: balancer.port(8080) }, lines('/', 'open.example.com'));
    expect(received(open).headers).toMatchObject({ 'x-forwarded-proto': 'http' });
    const redirected = await exchange({ port: balancer.port(80) }, lines('/cart', 'shop.example.com'));
    expect(redirected).toContain(`Location: https://shop.example.com:${balancer.port(443)}/cart`);
  });
});
