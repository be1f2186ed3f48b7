import { describe, expect, test } from 'vitest';
import { type HttpBackend, seen, startAll } from '../support/backends.ts';
import { request } from '../support/client.ts';
import { startBalancer } from '../support/nginx.ts';
import { without } from '../support/tools.ts';
import { until } from '../support/wait.ts';

describe.skipIf(without('nginx'))('sticky sessions', () => {
  test('a client comes back to the server that it met first', async () => {
    const servers = await startAll(['a', 'b', 'c']);
    const balancer = await startBalancer(`
name: sticky
listeners: { http: { port: 8080 } }
upstreams:
  web:
    servers: [${servers.map(({ address }) => `"${address}"`).join(', ')}]
    sticky: { cookie: lb_session, expires: 1h }
routes: [{ paths: { /: web } }]
`);
    const port = balancer.port(8080);
    const met = new Set<string>();
    for (let client = 0; client < 20; client++) {
      const first = await request({ port });
      const [cookie = ''] = first.headers['set-cookie'] ?? [];
      expect(cookie).toMatch(/^lb_session=\w+; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax$/u);
      const { name } = seen(first);
      met.add(name);
      const headers = { cookie: cookie.split(';')[0]! };
      for (let visit = 0; visit < 3; visit++) expect(seen(await request({ port, headers })).name).toBe(name);
    }
    expect([...met].toSorted()).toEqual(['a', 'b', 'c']);
  });

  test('when that server dies, the client is served by another', async () => {
    const servers = await startAll(['a', 'b']);
    const balancer = await startBalancer(`
name: sticky-dying
listeners: { http: { port: 8080 } }
upstreams:
  web:
    servers: [${servers.map(({ address }) => `"${address}"`).join(', ')}]
    sticky: lb_session
routes: [{ paths: { /: web } }]
`);
    const port = balancer.port(8080);
    const first = await request({ port });
    const headers = { cookie: first.headers['set-cookie']![0]!.split(';')[0]! };
    await servers.find(({ name }) => name === seen(first).name)!.kill();
    const next = await request({ port, headers });
    expect(next.status).toBe(200);
    expect(seen(next).name).not.toBe(seen(first).name);
  });
});

describe.skipIf(without('nginx'))('mirror', () => {
  test('a copy of each request arrives, and its answer is forgotten', async () => {
    const [web, copy, bare] = (await startAll(['web', 'copy', 'bare'])) as [
      HttpBackend,
      HttpBackend,
      HttpBackend,
    ];
    copy.answer({ status: 500, body: 'nobody reads this' });
    const balancer = await startBalancer(`
name: mirror
listeners: { http: { port: 8080 } }
upstreams: { web: ["${web.address}"], copy: ["${copy.address}"], bare: ["${bare.address}"] }
routes:
  - paths:
      /: { upstream: web, mirror: copy }
      /head/: { upstream: web, mirror: { upstream: bare, body: false } }
`);
    const port = balancer.port(8080);
    const answer = await request({ port, method: 'POST', path: '/orders?a=%20b', body: 'two apples' });
    expect([answer.status, seen(answer).name]).toEqual([200, 'web']);
    const arrived = await until('the copy', () => copy.received[0]);
    expect(arrived).toMatchObject({ method: 'POST', url: '/orders?a=%20b', body: 'two apples' });
    expect(arrived.headers).toMatchObject({ host: 'localhost', 'x-real-ip': '127.0.0.1' });

    await request({ port, method: 'POST', path: '/head/x', body: 'two apples' });
    const without = await until('the copy without a body', () => bare.received[0]);
    expect(without).toMatchObject({ method: 'POST', url: '/head/x', body: '' });
  });

  test('a mirror that is down costs nothing', async () => {
    const [web, copy] = (await startAll(['web', 'copy'])) as [HttpBackend, HttpBackend];
    await copy.kill();
    const balancer = await startBalancer(`
name: mirror-down
listeners: { http: { port: 8080 } }
upstreams: { web: ["${web.address}"], copy: ["${copy.address}"] }
routes: [{ paths: { /: { upstream: web, mirror: copy } } }]
`);
    expect((await request({ port: balancer.port(8080) })).status).toBe(200);
  });
});
