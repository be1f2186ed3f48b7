import { describe, expect, test } from 'vitest';
import { type HttpBackend, seen, startAll } from '../support/backends.ts';
import { request } from '../support/client.ts';
import { METRICS_PORT, startBalancer } from '../support/nginx.ts';
import { without } from '../support/tools.ts';

describe.skipIf(without('nginx'))('reload', () => {
  test('under load no request fails, and a long one is finished', async () => {
    const [a, b] = (await startAll(['a', 'b'])) as [HttpBackend, HttpBackend];
    b.answer(({ url }) => (url === '/long' ? { delay: 1500 } : {}));
    const yaml = (version: number): string => `
name: reload
listeners: { http: { port: 8080 } }
upstreams: { web: ["${a.address}", "${b.address}"], b: ["${b.address}"] }
routes: [{ response_headers: { X-Version: "${version}" }, paths: { /: web, /long: b } }]
`;
    const balancer = await startBalancer(yaml(0));
    const port = balancer.port(8080);
    const long = request({ port, path: '/long' });
    const statuses: number[] = [];
    const failures: unknown[] = [];
    const load = new AbortController();
    // every request by a connection of its own, as NGINX closes idle connections when it reloads
    const client = async (): Promise<void> => {
      while (!load.signal.aborted) {
        await request({ port }).then(
          ({ status }) => statuses.push(status),
          (error: unknown) => failures.push(error),
        );
      }
    };
    const clients = Array.from({ length: 4 }, client);
    for (let version = 1; version <= 5; version++) {
      await balancer.reload(yaml(version));
      const shown = await request({ port: balancer.port(METRICS_PORT), path: '/release' });
      expect(shown.body.trim()).toBe(balancer.digest);
    }
    load.abort();
    await Promise.all(clients);
    expect(failures).toEqual([]);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(statuses.length).toBeGreaterThan(20);
    expect(seen(await long).url).toBe('/long');
    expect((await request({ port })).headers['x-version']).toBe('5');
  });
});
