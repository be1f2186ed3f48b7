import { beforeAll, describe, expect, test } from 'vitest';
import { createServer } from 'node:http';
import { type HttpBackend, seen, serve, startHttp } from '../support/backends.ts';
import { open, request } from '../support/client.ts';
import { type RunningBalancer, startBalancer } from '../support/nginx.ts';
import { without } from '../support/tools.ts';
import { until } from '../support/wait.ts';

describe.skipIf(without('nginx'))('timeouts, retries and bodies', () => {
  let slow: HttpBackend, busy: HttpBackend, good: HttpBackend;
  let balancer: RunningBalancer;

  beforeAll(async () => {
    slow = await startHttp('slow', { delay: 1500 });
    busy = await startHttp('busy', { status: 503 });
    good = await startHttp('good');
    const spare = `{ address: "${good.address}", backup: true }`;
    balancer = await startBalancer(`
name: transport
listeners: { http: { port: 8080 } }
upstreams:
  slow: ["${slow.address}"]
  slow_first: { servers: ["${slow.address}", ${spare}], health: { max_fails: 0 } }
  busy_first: { servers: ["${busy.address}", ${spare}], health: { max_fails: 0 } }
  good: ["${good.address}"]
  # nothing answers there: TEST-NET-1
  away: ["192.0.2.1:80"]
routes:
  - timeout: 5s
    paths:
      /patient: slow
      /impatient: { upstream: slow, timeout: 300ms }
      /next: { upstream: slow_first, timeout: 300ms }
      /never: { upstream: slow_first, timeout: 300ms, retries: false }
      /busy: busy_first
      /retried: { upstream: busy_first, retries: { on: [error, http_503] } }
      /away: { upstream: away, timeout: { connect: 200ms } }
      /small: { upstream: good, max_body_size: "10" }
      /large: { upstream: good, max_body_size: 0 }
      /normal: good
  - host: strict.example.com
    retries: false
    max_body_size: "10"
    paths:
      /: slow_first
      /again: { upstream: busy_first, retries: { on: [http_503] } }
      /roomy: { upstream: good, max_body_size: 1m }
`);
  });

  const ask = (path: string, body?: string, host?: string) =>
    request({
      port: balancer.port(8080),
      path,
      ...(host === undefined ? {} : { host }),
      ...(body === undefined ? {} : { body, method: 'POST' }),
    });

  test('a path can be more or less patient than its route', async () => {
    expect((await ask('/patient')).status).toBe(200);
    expect((await ask('/impatient')).status).toBe(504);
  });

  test('a path has what it says itself, also where it is the default again', async () => {
    const host = 'strict.example.com';
    expect(seen(await ask('/again', undefined, host)).name).toBe('good');
    expect((await ask('/roomy', 'eleven bytes', host)).status).toBe(200);
    expect((await ask('/other', 'eleven bytes', host)).status).toBe(413);
  });

  test('after a timeout the next server is asked, unless told otherwise', async () => {
    expect(seen(await ask('/next')).name).toBe('good');
    expect((await ask('/never')).status).toBe(504);
  });

  test('a status sends a request on only where that is asked for', async () => {
    expect((await ask('/busy')).status).toBe(503);
    expect(seen(await ask('/retried')).name).toBe('good');
  });

  test('a server that cannot be reached costs the connect timeout', async () => {
    const started = Date.now();
    expect([502, 504]).toContain((await ask('/away')).status);
    expect(Date.now() - started).toBeLessThan(2000);
  });

  test('a body that is too large is refused', async () => {
    expect((await ask('/small', 'x'.repeat(10))).status).toBe(200);
    expect((await ask('/small', 'x'.repeat(11))).status).toBe(413);
    const megabytes = 'x'.repeat(3_000_000);
    expect((await ask('/normal', megabytes)).status).toBe(413);
    expect(seen(await ask('/large', megabytes)).body).toHaveLength(3_000_000);
  });
});

describe.skipIf(without('nginx'))('buffering', () => {
  test('switched off, bytes pass as they come, in both directions', async () => {
    const parts: string[] = [];
    let finish = (): void => undefined;
    const { port: backend } = await serve(
      createServer((message, response) => {
        message.setEncoding('utf8').on('data', (part: string) => parts.push(part));
        response.write('first');
        finish = () => response.end('second');
      }),
    );
    const balancer = await startBalancer(`
name: streaming
listeners: { http: { port: 8080 } }
upstreams: { web: ["127.0.0.1:${backend}"] }
routes: [{ paths: { /: { upstream: web, buffering: false } } }]
`);
    const socket = await open({ port: balancer.port(8080) });
    let received = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf.');
    await until('half of the request', () => parts.join('') === 'half.');
    await until('half of the answer', () => received.includes('first'));
    expect(received).not.toContain('second');
    socket.write('other');
    await until('the rest of the request', () => parts.join('') === 'half.other');
    finish();
    await until('the rest of the answer', () => received.includes('second'));
    socket.destroy();
  });

  test('switched on, a server gets whole requests alone', async () => {
    const web = await startHttp('web');
    const balancer = await startBalancer(`
name: buffered
listeners: { http: { port: 8080 } }
upstreams: { web: ["${web.address}"] }
routes: [{ paths: { /: web } }]
`);
    const socket = await open({ port: balancer.port(8080) });
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf.');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(web.connections).toBe(0);
    socket.write('other');
    await until('the whole request', () => web.received[0]?.body === 'half.other');
    socket.destroy();
  });
});
