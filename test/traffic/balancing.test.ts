import { Agent } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import { type HttpBackend, seen, shares, startAll, startHttp } from '../support/backends.ts';
import { request, times } from '../support/client.ts';
import { type RunningBalancer, startBalancer } from '../support/nginx.ts';
import { freePort } from '../support/ports.ts';
import { without } from '../support/tools.ts';

describe.skipIf(without('nginx'))('balancing', () => {
  let a: HttpBackend, b: HttpBackend, c: HttpBackend;
  let balancer: RunningBalancer;

  beforeAll(async () => {
    [a, b, c] = (await startAll(['a', 'b', 'c'])) as [HttpBackend, HttpBackend, HttpBackend];
    const closed = `127.0.0.1:${await freePort()}`;
    const servers = `["${a.address}", "${b.address}", "${c.address}"]`;
    balancer = await startBalancer(`
name: balancing
listeners: { http: { port: 8080 } }
upstreams:
  even: ${servers}
  weighted:
    servers: [{ address: "${a.address}", weight: 3 }, { address: "${b.address}", weight: 2 }, "${c.address}"]
  least: { balance: least_conn, servers: ${servers} }
  by_address: { balance: ip_hash, servers: ${servers} }
  by_key: { balance: { hash: $arg_user }, servers: ${servers} }
  by_fewer: { balance: { hash: $arg_user }, servers: ["${a.address}", "${b.address}"] }
  by_plain_key: { balance: { hash: $arg_user, consistent: false }, servers: ${servers} }
  two: { balance: random, servers: ${servers} }
  spare: { servers: ["${closed}", { address: "${b.address}", backup: true }] }
  rested: { servers: [{ address: "${a.address}", down: true }, "${b.address}"] }
  fresh: { keepalive: false, servers: ["${c.address}"] }
routes:
  - paths:
      /even: even
      /weighted: weighted
      /least: least
      /address: by_address
      /key: by_key
      /fewer: by_fewer
      /plain: by_plain_key
      /two: two
      /spare: spare
      /rested: rested
      /fresh: fresh
`);
  });

  const ask = (path: string, more = {}) => request({ port: balancer.port(8080), path, ...more });
  const askOften = (count: number, path: (index: number) => string) =>
    times(count, (index) => ({ port: balancer.port(8080), path: path(index) }));

  test('round robin gives every server the same', async () => {
    expect(shares(await askOften(30, () => '/even'))).toEqual({ a: 10, b: 10, c: 10 });
  });

  test('weights divide the requests', async () => {
    expect(shares(await askOften(60, () => '/weighted'))).toEqual({ a: 30, b: 20, c: 10 });
  });

  test('least_conn goes around a busy server', async () => {
    a.answer({ delay: 700 });
    const slow = Promise.all([ask('/least'), ask('/least'), ask('/least')]);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const counts = shares(await askOften(20, () => '/least'));
    await slow;
    a.answer({});
    expect(counts['a'] ?? 0).toBeLessThanOrEqual(1);
  });

  test('ip_hash keeps a client at one server', async () => {
    const counts = shares(await askOften(12, () => '/address'));
    expect(Object.values(counts)).toEqual([12]);
    const networks = await Promise.all(
      Array.from({ length: 12 }, (_, index) => ask('/address', { from: `127.0.${index + 1}.1` })),
    );
    expect(Object.keys(shares(networks)).length).toBeGreaterThan(1);
  });

  test('the hash of a key decides, and a key moves only when its server leaves', async () => {
    const users = Array.from({ length: 60 }, (_, index) => `user-${index}`);
    const whole = await askOften(users.length, (index) => `/key?user=${users[index]}`);
    const again = await askOften(users.length, (index) => `/key?user=${users[index]}`);
    const fewer = await askOften(users.length, (index) => `/fewer?user=${users[index]}`);
    expect(again.map((answer) => seen(answer).name)).toEqual(whole.map((answer) => seen(answer).name));
    expect(Object.keys(shares(whole)).toSorted()).toEqual(['a', 'b', 'c']);
    const moved = whole.filter(
      (answer, index) => seen(answer).name !== 'c' && seen(answer).name !== seen(fewer[index]!).name,
    );
    expect(moved).toEqual([]);
  });

  test('a plain hash decides too', async () => {
    const [first, second] = await askOften(2, () => '/plain?user=x');
    expect(seen(first!).name).toBe(seen(second!).name);
  });

  test('random spreads over all servers', async () => {
    const counts = shares(await askOften(60, () => '/two'));
    expect(Object.keys(counts).toSorted()).toEqual(['a', 'b', 'c']);
  });

  test('a backup gets traffic only when the others fail', async () => {
    expect(shares(await askOften(6, () => '/spare'))).toEqual({ b: 6 });
  });

  test('a server that is down gets none', async () => {
    expect(shares(await askOften(6, () => '/rested'))).toEqual({ b: 6 });
  });

  test('connections to the servers are kept open, unless told otherwise', async () => {
    const agent = new Agent({ keepAlive: true });
    const before = c.connections;
    await times(10, { port: balancer.port(8080), path: '/weighted', agent });
    expect(c.connections - before).toBeLessThanOrEqual(2);
    const opened = c.connections;
    await times(10, { port: balancer.port(8080), path: '/fresh', agent });
    expect(c.connections - opened).toBe(10);
    agent.destroy();
  });
});

describe.skipIf(without('nginx'))('a server that dies', () => {
  test('costs no GET, and no POST is sent twice', async () => {
    const [a, b, c] = (await startAll(['a', 'b', 'c'])) as [HttpBackend, HttpBackend, HttpBackend];
    const balancer = await startBalancer(`
name: dying
listeners: { http: { port: 8080 } }
upstreams: { web: ["${a.address}", "${b.address}", "${c.address}"] }
routes: [{ paths: { /: web } }]
`);
    const port = balancer.port(8080);
    for (const server of [a, b, c]) server.answer({ delay: 5 });
    let killed = false;
    const client = async (): Promise<number[]> => {
      const statuses: number[] = [];
      for (let index = 0; index < 60; index++) {
        if (index === 20 && !killed) {
          killed = true;
          await b.kill();
        }
        statuses.push((await request({ port })).status);
      }
      return statuses;
    };
    const statuses = (await Promise.all(Array.from({ length: 8 }, client))).flat();
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(statuses).toHaveLength(480);
    expect(shares(await times(10, { port }))).not.toHaveProperty('b');
  });

  test('with the only answer cut off, a POST is not repeated and a GET is', async () => {
    const broken = await startHttp('broken', { hangUp: true });
    const good = await startHttp('good');
    const servers = `["${broken.address}", { address: "${good.address}", backup: true }]`;
    const balancer = await startBalancer(`
name: repeating
listeners: { http: { port: 8080 } }
upstreams:
  web: { servers: ${servers}, health: { max_fails: 0 } }
routes:
  - paths:
      /: web
      /repeat: { upstream: web, retries: { non_idempotent: true } }
      /once: { upstream: web, retries: false }
`);
    const port = balancer.port(8080);
    expect((await request({ port })).status).toBe(200);
    expect((await request({ port, method: 'POST', body: 'order' })).status).toBe(502);
    expect(good.received.filter(({ method }) => method === 'POST')).toEqual([]);
    expect((await request({ port, path: '/once' })).status).toBe(502);
    const repeated = await request({ port, path: '/repeat', method: 'POST', body: 'order' });
    expect(repeated.status).toBe(200);
    expect(seen(repeated).body).toBe('order');
  });
});
