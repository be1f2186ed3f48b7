import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { type HttpBackend, seen, startHttp } from '../support/backends.ts';
import { request, type RequestOptions } from '../support/client.ts';
import { type RunningBalancer, startBalancer } from '../support/nginx.ts';
import { without } from '../support/tools.ts';

describe.skipIf(without('nginx'))('headers and compression', () => {
  let web: HttpBackend;
  let balancer: RunningBalancer;

  beforeAll(async () => {
    web = await startHttp('web', ({ url }) =>
      url.startsWith('/text') ? { headers: { 'content-type': 'text/css' }, body: 'a{}'.repeat(1000) } : {},
    );
    balancer = await startBalancer(`
name: headers
listeners: { http: { port: 8080 } }
compression: true
upstreams: { web: ["${web.address}"] }
routes:
  - host: shop.example.com
    request_headers: { X-Env: prod, X-Price: "5 $$ \\"net\\"", Accept-Encoding: "" }
    response_headers: { X-Frame-Options: DENY, X-Seen: "$request_method $host" }
    paths:
      /: web
      /more/: { upstream: web, request_headers: { X-Path: "$request_uri" }, response_headers: { X-More: "1" } }
      = /fixed: { respond: { body: hello } }
      /missing: { respond: 404 }
  - host: plain.example.com
    paths: { /: web }
`);
  });

  const ask = (host: string, path = '/', more: Partial<RequestOptions> = {}) =>
    request({ port: balancer.port(8080), host, path, ...more });

  test('servers are told about the client, and what a client claims is not believed', async () => {
    const lies = { 'x-forwarded-for': '6.6.6.6', 'x-real-ip': '6.6.6.6', 'x-request-id': 'mine' };
    const { headers } = seen(await ask('plain.example.com', '/', { headers: lies }));
    expect(headers).toMatchObject({
      host: 'plain.example.com',
      'x-real-ip': '127.0.0.1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'plain.example.com',
    });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/u);
    expect(headers).not.toHaveProperty('upgrade');
  });

  test('requests to the servers speak HTTP/1.1', async () => {
    expect(seen(await ask('plain.example.com')).line).toBe('GET / HTTP/1.1');
  });

  test('request headers are set, quoted or removed, and a path adds to those of its route', async () => {
    const client = { headers: { 'accept-encoding': 'br', 'x-env': 'forged' } };
    const route = seen(await ask('shop.example.com', '/', client)).headers;
    expect(route).toMatchObject({ 'x-env': 'prod', 'x-price': '5 $ "net"', 'x-real-ip': '127.0.0.1' });
    expect(route).not.toHaveProperty('accept-encoding');
    const path = seen(await ask('shop.example.com', '/more/x', client)).headers;
    expect(path).toMatchObject({ 'x-env': 'prod', 'x-path': '/more/x', host: 'shop.example.com' });
  });

  test('response headers come with every answer, errors too', async () => {
    for (const path of ['/', '/fixed', '/missing', '/more/']) {
      const { headers } = await ask('shop.example.com', path);
      expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-seen': 'GET shop.example.com' });
    }
    expect((await ask('shop.example.com', '/more/')).headers).toMatchObject({ 'x-more': '1' });
  });

  test('answers are compressed for those who want it', async () => {
    const wanted = { headers: { 'accept-encoding': 'gzip' } };
    const { headers, bytes } = await ask('plain.example.com', '/text', wanted);
    expect(headers['content-encoding']).toBe('gzip');
    expect(headers.vary).toBe('Accept-Encoding');
    expect(gunzipSync(bytes).toString()).toBe('a{}'.repeat(1000));
    const plain = await ask('plain.example.com', '/text');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body).toHaveLength(3000);
  });
});
