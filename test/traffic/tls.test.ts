import { connect as connectHttp2 } from 'node:http2';
import { beforeAll, describe, expect, test } from 'vitest';
import { type HttpBackend, seen, startHttp } from '../support/backends.ts';
import { type Authority, createAuthority } from '../support/certificates.ts';
import { exchange, open, request } from '../support/client.ts';
import { type RunningBalancer, startBalancer } from '../support/nginx.ts';
import { without } from '../support/tools.ts';
import type { TLSSocket } from 'node:tls';

describe.skipIf(without('nginx', 'openssl'))('https', () => {
  let authority: Authority;
  let web: HttpBackend;
  let balancer: RunningBalancer;

  beforeAll(async () => {
    authority = await createAuthority();
    web = await startHttp('web');
    const shop = await authority.issue(['shop.example.com', '*.shop.example.com']);
    const other = await authority.issue(['other.example.com']);
    balancer = await startBalancer(
      `
name: https
listeners:
  http: { port: 80, redirect: https }
  https: { port: 443, tls: { certificate: certs/shop.pem, key: certs/shop.key } }
  plain: { port: 8080 }
  modern: { port: 8443, http2: false, tls: { certificate: certs/shop.pem, key: certs/shop.key, profile: modern } }
upstreams: { web: ["${web.address}"] }
routes:
  - host: [shop.example.com, "*.shop.example.com"]
    hsts: { max_age: 300, include_subdomains: true }
    paths: { /: web }
  - host: other.example.com
    tls: { certificate: certs/other.pem, key: certs/other.key }
    paths: { /: web }
`,
      {
        'certs/shop.pem': shop.cert,
        'certs/shop.key': shop.key,
        'certs/other.pem': other.cert,
        'certs/other.key': other.key,
      },
    );
  });

  test('http redirects to https, for hosts that are served', async () => {
    const port = balancer.port(80);
    const { status, headers } = await request({ port, host: 'shop.example.com', path: '/a?b=1' });
    expect(status).toBe(301);
    expect(headers.location).toBe(`https://shop.example.com:${balancer.port(443)}/a?b=1`);
    const stranger = 'GET / HTTP/1.1\r\nHost: stranger.example\r\n\r\n';
    expect(await exchange({ port }, stranger)).toBe('');
    expect((await request({ port, host: '10.0.0.1', path: '/healthz' })).body).toBe('ok\n');
  });

  test('https serves, and the servers learn that it was https', async () => {
    const ca = authority.cert;
    const answer = await request({ port: balancer.port(443), host: 'shop.example.com', ca });
    expect(answer.status).toBe(200);
    expect(seen(answer).headers['x-forwarded-proto']).toBe('https');
  });

  test('each route has its certificate', async () => {
    const ca = authority.cert;
    const names = ['shop.example.com', 'www.shop.example.com', 'other.example.com'];
    for (const host of names)
      expect((await request({ port: balancer.port(443), host, ca })).status).toBe(200);
  });

  test('no certificate is shown for a host that is not served', async () => {
    const ca = authority.cert;
    const refused = request({ port: balancer.port(443), host: 'stranger.example', ca });
    await expect(refused).rejects.toThrow(/unrecognized name|alert/u);
  });

  test('HSTS is sent over https alone', async () => {
    const host = 'shop.example.com';
    const over = await request({ port: balancer.port(443), host, ca: authority.cert });
    expect(over.headers['strict-transport-security']).toBe('max-age=300; includeSubDomains');
    const plain = await request({ port: balancer.port(8080), host });
    expect(plain.headers).not.toHaveProperty('strict-transport-security');
  });

  test('HTTP/2 is spoken with those who offer it', async () => {
    const client = connectHttp2(`https://127.0.0.1:${balancer.port(443)}`, {
      ca: authority.cert,
      servername: 'shop.example.com',
    });
    const text = await new Promise<string>((resolve, reject) => {
      client.on('error', reject);
      const stream = client.request({ ':path': '/two', ':authority': 'shop.example.com' });
      let body = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      stream.on('end', () => resolve(body)).on('error', reject);
    });
    client.close();
    expect((JSON.parse(text) as { line: string }).line).toBe('GET /two HTTP/1.1');
  });

  test('profiles decide the protocol, http2: false offers no HTTP/2', async () => {
    const ca = authority.cert;
    const servername = 'shop.example.com';
    const alpn = ['h2', 'http/1.1'];
    const normal = (await open({ port: balancer.port(443), ca, servername, alpn })) as TLSSocket;
    expect(normal.alpnProtocol).toBe('h2');
    normal.destroy();
    const modern = (await open({ port: balancer.port(8443), ca, servername, alpn })) as TLSSocket;
    expect([modern.getProtocol(), modern.alpnProtocol]).toEqual(['TLSv1.3', 'http/1.1']);
    modern.destroy();
  });
});

describe.skipIf(without('nginx', 'openssl'))('TLS to the servers', () => {
  test('is verified: the right authority and name pass, others do not', async () => {
    const [authority, stranger] = await Promise.all([createAuthority(), createAuthority('Stranger CA')]);
    const web = await startHttp('web', {}, await authority.issue(['web.internal']));
    const upstream = (tls: string): string => `{ servers: ["${web.address}"], tls: ${tls} }`;
    const balancer = await startBalancer(
      `
name: backend-tls
listeners: { http: { port: 8080 } }
upstreams:
  right: ${upstream('{ ca: ca.pem, name: web.internal }')}
  by_host: { servers: ["localhost:${web.port}"], tls: { ca: ca.pem } }
  wrong_ca: ${upstream('{ ca: stranger.pem, name: web.internal }')}
  wrong_name: ${upstream('{ ca: ca.pem, name: other.internal }')}
  system_ca: ${upstream('{ name: web.internal }')}
  careless: ${upstream('{ verify: false }')}
routes:
  - paths: { /right: right, /host: by_host, /ca: wrong_ca, /name: wrong_name, /system: system_ca, /careless: careless }
`,
      { 'ca.pem': authority.cert, 'stranger.pem': stranger.cert },
    );
    const status = async (path: string, host = 'localhost'): Promise<number> =>
      (await request({ port: balancer.port(8080), path, host })).status;
    expect(await status('/right')).toBe(200);
    // the certificate is for web.internal, and the name of the request decides nothing
    expect(await status('/host', 'web.internal')).toBe(502);
    expect(await status('/ca')).toBe(502);
    expect(await status('/name')).toBe(502);
    expect(await status('/system')).toBe(502);
    expect(await status('/careless')).toBe(200);
    expect(await balancer.errorLog()).toMatch(/certificate verify/u);
  });

  test('shows the certificate that the servers ask for', async () => {
    const authority = await createAuthority();
    const [server, client] = await Promise.all([
      authority.issue(['web.internal']),
      authority.issue(['balancer']),
    ]);
    const web = await startHttp('web', {}, { ...server, ca: authority.cert, requestCert: true });
    const upstream = (own: string): string =>
      `{ servers: ["${web.address}"], tls: { ca: ca.pem, name: web.internal${own} } }`;
    const balancer = await startBalancer(
      `
name: mutual-tls
listeners: { http: { port: 8080 } }
upstreams: { known: ${upstream(', certificate: lb.pem, key: lb.key')}, unknown: ${upstream('')} }
routes: [{ paths: { /known: known, /unknown: unknown } }]
`,
      { 'ca.pem': authority.cert, 'lb.pem': client.cert, 'lb.key': client.key },
    );
    expect((await request({ port: balancer.port(8080), path: '/known' })).status).toBe(200);
    expect((await request({ port: balancer.port(8080), path: '/unknown' })).status).toBe(502);
  });
});
