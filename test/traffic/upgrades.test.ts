import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { describe, expect, test } from 'vitest';
import { seen, startHttp } from '../support/backends.ts';
import { createAuthority } from '../support/certificates.ts';
import { open, request } from '../support/client.ts';
import { startBalancer } from '../support/nginx.ts';
import { startGrpc, startWebSocket } from '../support/streams.ts';
import { without } from '../support/tools.ts';
import { acceptKey, decodeFrames, encodeFrame } from '../support/websocket.ts';

describe.skipIf(without('nginx'))('WebSocket', () => {
  test('messages travel both ways, and other requests are not upgraded', async () => {
    const echo = await startWebSocket('echo');
    const web = await startHttp('web');
    const balancer = await startBalancer(`
name: websocket
listeners: { http: { port: 8080 } }
upstreams: { echo: ["${echo.address}"], web: ["${web.address}"] }
routes:
  - paths:
      /ws: { upstream: echo, websocket: true }
      /ordinary: { upstream: web, websocket: true }
      /never: web
`);
    const socket = await open({ port: balancer.port(8080) });
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    const key = Buffer.from('0123456789abcdef').toString('base64');
    const handshake = ['GET /ws HTTP/1.1', 'Host: localhost', 'Upgrade: websocket', 'Connection: Upgrade'];
    const rest = ['Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${key}`, '', ''];
    socket.write([...handshake, ...rest].join('\r\n'));
    await expect.poll(() => Buffer.concat(received).toString('latin1')).toContain('\r\n\r\n');
    const answer = Buffer.concat(received.splice(0)).toString('latin1');
    expect(answer).toMatch(/^HTTP\/1.1 101 /u);
    expect(answer).toContain(acceptKey(key));
    for (const text of ['hello', 'again']) {
      socket.write(encodeFrame(text, true));
      await expect.poll(() => decodeFrames(Buffer.concat(received))).toContain(`echo: ${text}`);
    }
    socket.destroy();

    const port = balancer.port(8080);
    const upgrade = { upgrade: 'h2c', connection: 'upgrade' };
    const ordinary = seen(await request({ port, path: '/ordinary', headers: upgrade }));
    expect(ordinary.headers).not.toHaveProperty('upgrade');
    const never = seen(
      await request({ port, path: '/never', headers: { ...upgrade, upgrade: 'websocket' } }),
    );
    expect(never.headers).not.toHaveProperty('upgrade');
  });
});

describe.skipIf(without('nginx', 'openssl'))('gRPC', () => {
  interface Call {
    headers: IncomingHttpHeaders;
    trailers: IncomingHttpHeaders;
    body: string;
  }

  function call(origin: string, path: string, message: string, options: { ca?: string } = {}): Promise<Call> {
    const client = connectHttp2(origin, { ...options, servername: 'rpc.example.com' });
    return new Promise<Call>((resolve, reject) => {
      client.on('error', reject);
      const stream = client.request({
        ':method': 'POST',
        ':path': path,
        ':authority': 'rpc.example.com',
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      const result: Call = { headers: {}, trailers: {}, body: '' };
      stream.on('response', (headers) => (result.headers = headers));
      stream.on('trailers', (trailers) => (result.trailers = trailers));
      stream.setEncoding('utf8').on('data', (chunk: string) => (result.body += chunk));
      stream.on('end', () => resolve(result)).on('error', reject);
      stream.end(message);
    }).finally(() => client.close());
  }

  test('calls pass with their trailers, over TLS and without', async () => {
    const [a, b, web] = [await startGrpc('a'), await startGrpc('b'), await startHttp('web')];
    const authority = await createAuthority();
    const { cert, key } = await authority.issue(['rpc.example.com']);
    const balancer = await startBalancer(
      `
name: grpc
listeners:
  https: { port: 443, tls: { certificate: rpc.pem, key: rpc.key } }
  clear: { port: 8080, http2: true }
upstreams:
  rpc: { protocol: grpc, servers: ["${a.address}", "${b.address}"] }
  web: ["${web.address}"]
routes:
  - host: rpc.example.com
    paths:
      /: web
      /shop.Orders/: { upstream: rpc, timeout: 1h }
`,
      { 'rpc.pem': cert, 'rpc.key': key },
    );
    const names: unknown[] = [];
    const origins = [`https://127.0.0.1:${balancer.port(443)}`, `http://127.0.0.1:${balancer.port(8080)}`];
    for (const origin of origins) {
      const result = await call(origin, '/shop.Orders/List', `to ${origin}`, { ca: authority.cert });
      expect(result.body).toBe(`to ${origin}`);
      expect(result.headers).toMatchObject({ ':status': 200, 'content-type': 'application/grpc' });
      expect(result.headers['x-path']).toBe('/shop.Orders/List');
      expect(result.trailers).toMatchObject({ 'grpc-status': '0' });
      names.push(result.headers['x-server']);
    }
    expect(names.toSorted()).toEqual(['a', 'b']);
  });
});
