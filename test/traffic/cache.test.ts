import { describe, expect, test } from 'vitest';
import { startHttp } from '../support/backends.ts';
import { request, type RequestOptions } from '../support/client.ts';
import { startBalancer } from '../support/nginx.ts';
import { without } from '../support/tools.ts';
import { sleep, until } from '../support/wait.ts';

describe.skipIf(without('nginx'))('cache', () => {
  test('an answer is kept, given again, and given old when the servers fail', async () => {
    let count = 0;
    const web = await startHttp('web', () => ({ body: `answer ${++count}` }));
    const balancer = await startBalancer(`
name: cache
listeners: { http: { port: 8080 } }
caches: { pages: 10m }
upstreams: { web: { servers: ["${web.address}"], health: { max_fails: 0 } } }
routes:
  - response_headers: { X-Cache: $upstream_cache_status }
    paths:
      /: { upstream: web, cache: { zone: pages, valid: { "200": 1s, "404": 1s }, bypass: [$cookie_session] } }
      /shared: { upstream: web, cache: { zone: pages, key: $host } }
      /uncached: web
`);
    const ask = async (path: string, more: Partial<RequestOptions> = {}) => {
      const { body, headers } = await request({ port: balancer.port(8080), path, ...more });
      return [body, headers['x-cache']];
    };
    expect(await ask('/a')).toEqual(['answer 1', 'MISS']);
    expect(await ask('/a')).toEqual(['answer 1', 'HIT']);
    expect(await ask('/b')).toEqual(['answer 2', 'MISS']);
    const member = { headers: { cookie: 'session=1' } };
    expect(await ask('/a', member)).toEqual(['answer 3', 'BYPASS']);
    expect(await ask('/a')).toEqual(['answer 1', 'HIT']);
    expect(await ask('/a', { method: 'POST' })).toEqual(['answer 4', undefined]);
    expect(await ask('/uncached')).toEqual(['answer 5', undefined]);
    expect(await ask('/shared/1')).toEqual(['answer 6', 'MISS']);
    expect(await ask('/shared/2')).toEqual(['answer 6', 'HIT']);

    await sleep(1600);
    web.answer({ status: 503, body: 'broken' });
    // the old answer comes at once, while a new one is fetched behind the client's back
    expect((await ask('/a'))[0]).toBe('answer 1');
    web.answer({ hangUp: true });
    expect((await ask('/a'))[0]).toBe('answer 1');
    web.answer({ body: 'fresh' });
    await until('the new answer is kept', async () => (await ask('/a'))[0] === 'fresh');
  });

  test('of many requests for a missing answer, one goes to a server', async () => {
    const web = await startHttp('web', { delay: 200, body: 'once' });
    const balancer = await startBalancer(`
name: lock
listeners: { http: { port: 8080 } }
caches: { pages: { size: 10m, keys: 1m } }
upstreams: { web: ["${web.address}"] }
routes: [{ paths: { /: { upstream: web, cache: pages } } }]
`);
    const port = balancer.port(8080);
    const answers = await Promise.all(Array.from({ length: 10 }, () => request({ port })));
    expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: 10 }, () => 'once'));
    expect(web.received).toHaveLength(1);
  });
});
