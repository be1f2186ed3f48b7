import { beforeAll, describe, expect, test } from 'vitest';
import { type HttpBackend, seen, shares, startAll } from '../support/backends.ts';
import { exchange, request, times } from '../support/client.ts';
import { METRICS_PORT, type RunningBalancer, startBalancer } from '../support/nginx.ts';
import { without } from '../support/tools.ts';

describe.skipIf(without('nginx'))('routing', () => {
  let balancer: RunningBalancer;

  beforeAll(async () => {
    const [a, b, c] = (await startAll(['a', 'b', 'c'])) as [HttpBackend, HttpBackend, HttpBackend];
    balancer = await startBalancer(`
name: routing
listeners: { http: { port: 8080 } }
upstreams: { a: ["${a.address}"], b: ["${b.address}"], c: ["${c.address}"] }
routes:
  - host: [shop.example.com, "*.shop.example.com"]
    paths:
      /: a
      /api/: b
      = /api/exact: c
      ^~ /static/: b
      ~ \\.png$: c
      ~* \\.JPG$: b
  - host: exceptions.example.com
    paths:
      /:
        upstream: a
        when:
          - { header: { X-Beta: "*" }, cookie: { tier: gold }, upstream: c }
          - { method: [POST, PUT], upstream: b }
          - { cookie: { side: other }, upstream: c }
          - { header: { X-Team: "red $1" }, upstream: b }
  - host: split.example.com
    paths:
      /: { split: { upstreams: { a: 80, b: 20 } } }
      /sticky/: { split: { upstreams: { a: 50, b: 50 }, key: $arg_user } }
  - host: answers.example.com
    paths:
      /gone/: { redirect: { to: "https://new.example.com$request_uri", status: 308 } }
      ~ ^/item/(\\d+)$: { redirect: /items?id=$1 }
      = /robots.txt: { respond: { body: "User-agent: *\\nDisallow: /\\n" } }
      = /teapot: { respond: 418 }
      = /price: { respond: { body: 'five $$ for "$host"', status: 201, content_type: text/html } }
  - host: rewrite.example.com
    paths:
      /old/: { upstream: a, rewrite: { "^/old/(.*)$": "/new/$1", "^/(.*)$": "/never/$1" } }
`);
  });

  const to = async (host: string, path: string, more = {}): Promise<string> =>
    seen(await request({ port: balancer.port(8080), host, path, ...more })).name;

  test('by host', async () => {
    expect(await to('shop.example.com', '/')).toBe('a');
    expect(await to('SHOP.example.com', '/')).toBe('a');
    expect(await to('www.shop.example.com', '/')).toBe('a');
    expect(await to('exceptions.example.com', '/')).toBe('a');
  });

  test('a host that nobody serves gets the connection closed', async () => {
    const port = balancer.port(8080);
    const unknown = 'GET / HTTP/1.1\r\nHost: stranger.example\r\n\r\n';
    expect(await exchange({ port }, unknown)).toBe('');
    expect(await exchange({ port }, 'GET / HTTP/1.0\r\n\r\n')).toBe('');
  });

  test('the default server answers whether the balancer is alive', async () => {
    const { status, body } = await request({ port: balancer.port(8080), host: '10.0.0.1', path: '/healthz' });
    expect([status, body]).toEqual([200, 'ok\n']);
  });

  test('by path: prefix, exact, regular expression', async () => {
    const host = 'shop.example.com';
    expect(await to(host, '/anything')).toBe('a');
    expect(await to(host, '/api/orders')).toBe('b');
    expect(await to(host, '/api/exact')).toBe('c');
    expect(await to(host, '/api/exact/not')).toBe('b');
    expect(await to(host, '/static/logo.png')).toBe('b');
    expect(await to(host, '/logo.png')).toBe('c');
    expect(await to(host, '/logo.PNG')).toBe('a');
    expect(await to(host, '/photo.jpg')).toBe('b');
  });

  test('by header, cookie and method; the first exception that holds decides', async () => {
    const host = 'exceptions.example.com';
    expect(await to(host, '/', { method: 'POST' })).toBe('b');
    expect(await to(host, '/', { headers: { 'x-beta': '1' } })).toBe('a');
    expect(await to(host, '/', { headers: { 'x-beta': '1', cookie: 'tier=gold' } })).toBe('c');
    const all = { 'x-beta': '1', cookie: 'tier=gold; side=other' };
    expect(await to(host, '/', { method: 'POST', headers: all })).toBe('c');
    expect(await to(host, '/', { method: 'PUT', headers: { cookie: 'side=other' } })).toBe('b');
    expect(await to(host, '/', { headers: { cookie: 'side=other' } })).toBe('c');
    expect(await to(host, '/', { headers: { 'x-team': 'red $1' } })).toBe('b');
    expect(await to(host, '/', { headers: { 'x-team': 'red' } })).toBe('a');
  });

  test('a split follows its weights', async () => {
    const answers = await times(300, { port: balancer.port(8080), host: 'split.example.com' });
    const { a = 0, b = 0 } = shares(answers);
    expect(a + b).toBe(300);
    expect(b).toBeGreaterThan(25);
    expect(b).toBeLessThan(100);
  });

  test('a split by a key keeps each client on its side', async () => {
    const ask = (user: number) => to('split.example.com', `/sticky/?user=${user}`);
    const first = await Promise.all(Array.from({ length: 30 }, (_, user) => ask(user)));
    const second = await Promise.all(Array.from({ length: 30 }, (_, user) => ask(user)));
    expect(second).toEqual(first);
    expect(new Set(first)).toEqual(new Set(['a', 'b']));
  });

  test('redirects', async () => {
    const host = 'answers.example.com';
    const gone = await request({ port: balancer.port(8080), host, path: '/gone/x?y=1' });
    expect([gone.status, gone.headers.location]).toEqual([308, 'https://new.example.com/gone/x?y=1']);
    const item = await request({ port: balancer.port(8080), host, path: '/item/42' });
    expect([item.status, item.headers.location]).toEqual([302, '/items?id=42']);
  });

  test('fixed answers', async () => {
    const host = 'answers.example.com';
    const robots = await request({ port: balancer.port(8080), host, path: '/robots.txt' });
    expect([robots.status, robots.body]).toEqual([200, 'User-agent: *\nDisallow: /\n']);
    expect(robots.headers['content-type']).toBe('text/plain');
    expect((await request({ port: balancer.port(8080), host, path: '/teapot' })).status).toBe(418);
    const price = await request({ port: balancer.port(8080), host, path: '/price' });
    expect([price.status, price.body]).toEqual([201, `five $ for "${host}"`]);
    expect(price.headers['content-type']).toBe('text/html');
  });

  test('the first rewrite that matches decides', async () => {
    const answer = await request({
      port: balancer.port(8080),
      host: 'rewrite.example.com',
      path: '/old/a%20b?c=1',
    });
    expect(seen(answer).url).toBe('/new/a%20b?c=1');
  });

  test('the version of NGINX is not told', async () => {
    const { headers } = await request({
      port: balancer.port(8080),
      host: 'answers.example.com',
      path: '/teapot',
    });
    expect(headers['server']).toBe('nginx');
  });

  test('counters and the release are shown on the metrics port', async () => {
    const port = balancer.port(METRICS_PORT);
    expect((await request({ port, path: '/stub_status' })).body).toMatch(/^Active connections: \d+/u);
    expect((await request({ port, path: '/release' })).body).toBe(`${balancer.digest}\n`);
    expect((await request({ port, path: '/other' })).status).toBe(404);
  });
});

describe.skipIf(without('nginx'))('a route without a host', () => {
  test('takes every host that no other route names, and the health path stays', async () => {
    const [a, b] = (await startAll(['a', 'b'])) as [HttpBackend, HttpBackend];
    const balancer = await startBalancer(`
name: any-host
listeners: { http: { port: 8080 } }
health: { path: /alive }
upstreams: { a: ["${a.address}"], b: ["${b.address}"] }
routes:
  - host: named.example.com
    paths: { /: b }
  - paths: { /: a }
`);
    const port = balancer.port(8080);
    expect(seen(await request({ port, host: 'named.example.com' })).name).toBe('b');
    expect(seen(await request({ port, host: 'stranger.example' })).name).toBe('a');
    expect((await request({ port, host: 'stranger.example', path: '/alive' })).body).toBe('ok\n');
  });
});
