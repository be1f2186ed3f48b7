import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type HttpBackend, seen, startHttp } from '../support/backends.ts';
import { request, type RequestOptions, times } from '../support/client.ts';
import { type RunningBalancer, startBalancer } from '../support/nginx.ts';
import { without } from '../support/tools.ts';

/** `htpasswd -s`: "secret". */
const USERS = `ann:{SHA}${createHash('sha1').update('secret').digest('base64')}\n`;

const LINK_SECRET = 'a $ecret "with" quotes; and {braces} #1';

describe.skipIf(without('nginx'))('access', () => {
  let web: HttpBackend, judge: HttpBackend;
  let balancer: RunningBalancer;

  beforeAll(async () => {
    web = await startHttp('web', ({ url }) => (url.startsWith('/busy') ? { delay: 400 } : {}));
    judge = await startHttp('judge', ({ headers }) => {
      const status = { good: 204, bad: 403 }[String(headers['x-token'])] ?? 401;
      return { status, body: '' };
    });
    balancer = await startBalancer(
      `
name: access
listeners: { http: { port: 8080 } }
upstreams: { web: ["${web.address}"], judge: ["${judge.address}"] }
routes:
  - host: limits.example.com
    paths:
      /rate: { upstream: web, rate_limit: { rate: 2r/s, burst: 3 } }
      /answer: { respond: { body: fixed }, rate_limit: { rate: 1r/s, burst: 0, status: 503 } }
      /user: { upstream: web, rate_limit: { rate: 1r/s, burst: 0, key: $http_x_user } }
      /delayed: { upstream: web, rate_limit: { rate: 5r/s, burst: 10, delay: true } }
      /busy: { upstream: web, connection_limit: 2 }
  - host: networks.example.com
    paths:
      /allowed: { upstream: web, allow: [127.0.0.1] }
      /denied: { upstream: web, deny: [127.0.0.2/31] }
      /fixed: { respond: 204, allow: [127.0.0.1] }
      /both: { upstream: web, allow: [127.0.0.0/8], deny: [127.0.0.9] }
  - host: basic.example.com
    auth: { basic: { users_file: users, realm: Staff $only } }
    paths:
      /: web
      /open/: { upstream: web, auth: false }
      /moved: { redirect: /elsewhere }
      /asked/: { upstream: web, auth: { request: { upstream: judge, path: /check } } }
  - host: asking.example.com
    auth: { request: { upstream: judge, path: /check?from=lb } }
    paths:
      /: web
      /public: { upstream: web, auth: false }
  - host: links.example.com
    paths:
      /files/: { upstream: web, signed_links: { secret_file: link-secret } }
`,
      { users: USERS, 'link-secret': `${LINK_SECRET}\n` },
    );
  });

  const ask = (host: string, path: string, more: Partial<RequestOptions> = {}) =>
    request({ port: balancer.port(8080), host, path, ...more });
  const status = async (host: string, path: string, more: Partial<RequestOptions> = {}) =>
    (await ask(host, path, more)).status;

  test('a rate limit lets the burst through and answers 429 to the rest', async () => {
    const host = 'limits.example.com';
    const answers = await times(10, { port: balancer.port(8080), host, path: '/rate' });
    const refused = answers.filter((answer) => answer.status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(4);
    expect(answers.slice(0, 4).map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
  });

  test('a fixed answer is limited too, with the status that was asked for', async () => {
    const host = 'limits.example.com';
    const answers = await times(4, { port: balancer.port(8080), host, path: '/answer' });
    expect(answers.map((answer) => answer.status)).toEqual([200, 503, 503, 503]);
    expect(answers[0]!.body).toBe('fixed');
  });

  test('a limit counts by its key', async () => {
    const as = (user: string) => status('limits.example.com', '/user', { headers: { 'x-user': user } });
    expect([await as('ann'), await as('ann'), await as('bob')]).toEqual([200, 429, 200]);
  });

  test('a delayed burst is slowed down, not refused', async () => {
    const started = Date.now();
    const host = 'limits.example.com';
    const all = await Promise.all(Array.from({ length: 4 }, () => status(host, '/delayed')));
    expect(all).toEqual([200, 200, 200, 200]);
    expect(Date.now() - started).toBeGreaterThan(450);
  });

  test('a connection limit counts the requests in work', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => status('limits.example.com', '/busy')));
    expect(all.toSorted()).toEqual([200, 200, 429, 429, 429]);
  });

  test('allow and deny', async () => {
    const host = 'networks.example.com';
    const paths = ['/allowed', '/denied', '/fixed', '/both'];
    const from = (address: string) => Promise.all(paths.map((path) => status(host, path, { from: address })));
    expect(await from('127.0.0.1')).toEqual([200, 200, 204, 200]);
    expect(await from('127.0.0.3')).toEqual([403, 403, 403, 200]);
    expect(await from('127.0.0.9')).toEqual([403, 200, 403, 403]);
  });

  test('basic authentication, and a path that does without', async () => {
    const host = 'basic.example.com';
    const as = (pair: string) => ({
      headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
    });
    const asked = await ask(host, '/');
    expect([asked.status, asked.headers['www-authenticate']]).toEqual([401, 'Basic realm="Staff $only"']);
    expect(await status(host, '/', as('ann:secret'))).toBe(200);
    expect(await status(host, '/', as('ann:wrong'))).toBe(401);
    expect(await status(host, '/open/')).toBe(200);
    expect(await status(host, '/moved')).toBe(401);
    expect(await status(host, '/moved', as('ann:secret'))).toBe(302);
  });

  test('another service is asked about each request', async () => {
    const host = 'asking.example.com';
    const as = (token: string) => ({ method: 'POST', body: 'large', headers: { 'x-token': token } });
    expect(await status(host, '/orders?id=1', as('good'))).toBe(200);
    expect(await status(host, '/orders', as('bad'))).toBe(403);
    expect(await status(host, '/orders')).toBe(401);
    expect(await status(host, '/public')).toBe(200);
    const [question] = judge.received;
    expect(question).toMatchObject({ method: 'GET', url: '/check?from=lb', body: '' });
    expect(question!.headers).toMatchObject({
      'x-original-uri': '/orders?id=1',
      'x-original-method': 'POST',
    });
  });

  test('a path that asks in another way than its route does not ask in both', async () => {
    const host = 'basic.example.com';
    expect(await status(host, '/asked/', { headers: { 'x-token': 'good' } })).toBe(200);
    expect(await status(host, '/asked/', { headers: { 'x-token': 'bad' } })).toBe(403);
  });

  test('signed links: right, wrong, expired', async () => {
    const host = 'links.example.com';
    const link = (path: string, expires: number): string => {
      const md5 = createHash('md5').update(`${expires}${path} ${LINK_SECRET}`).digest('base64url');
      return `${path}?md5=${md5}&expires=${expires}`;
    };
    const soon = Math.floor(Date.now() / 1000) + 60;
    const answer = await ask(host, link('/files/report.pdf', soon));
    expect([answer.status, seen(answer).url.split('?')[0]]).toEqual([200, '/files/report.pdf']);
    expect(await status(host, '/files/report.pdf')).toBe(403);
    expect(await status(host, link('/files/report.pdf', soon).replace('report', 'secret'))).toBe(403);
    expect(await status(host, link('/files/report.pdf', soon - 120))).toBe(410);
  });

  test('a limit recovers', async () => {
    await expect
      .poll(() => status('limits.example.com', '/rate'), { timeout: 5000, interval: 200 })
      .toBe(200);
  });
});
