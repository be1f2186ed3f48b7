import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startHttp } from '../support/backends.ts';
import { exchange, request } from '../support/client.ts';
import { temporaryFolder } from '../support/folder.ts';
import { locationDatabase } from '../support/mmdb.ts';
import { startBalancer } from '../support/nginx.ts';
import { without } from '../support/tools.ts';

describe.skipIf(without('nginx'))('access log', () => {
  test('holds what was asked for', async () => {
    const web = await startHttp('web', { status: 201, body: 'twelve bytes', delay: 30 });
    const balancer = await startBalancer(`
name: logging
listeners: { http: { port: 8080 } }
upstreams: { web: ["${web.address}"] }
routes: [{ paths: { /: web } }]
`);
    const headers = { 'user-agent': 'test/1.0', referer: 'https://example.com/' };
    await request({
      port: balancer.port(8080),
      path: '/a?b=1',
      method: 'PUT',
      host: 'shop.example.com',
      headers,
    });
    const [line] = await balancer.accessLog(1);
    expect(line).toMatchObject({
      method: 'PUT',
      uri: '/a?b=1',
      host: 'shop.example.com',
      status: '201',
      bytes: '12',
      remote_addr: '127.0.0.1',
      upstream_addr: web.address,
      upstream_status: '201',
      user_agent: 'test/1.0',
      referer: 'https://example.com/',
    });
    expect(line!['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/u);
    expect(line!['request_id']).toBe(web.received[0]!.headers['x-request-id']);
    expect(Number(line!['request_time'])).toBeGreaterThanOrEqual(0.02);
    expect(Number(line!['upstream_time'])).toBeGreaterThanOrEqual(0.02);
  });

  test('is JSON on every line, whatever clients send', async () => {
    const web = await startHttp('web');
    const balancer = await startBalancer(`
name: hostile
listeners: { http: { port: 8080 } }
upstreams: { web: ["${web.address}"] }
routes: [{ paths: { /: web, /fixed: { respond: 204 } } }]
`);
    const port = balancer.port(8080);
    const hostile: (string | Buffer)[] = [
      'GET /"quotes"\\back\\slash HTTP/1.1\r\nHost: x\r\nUser-Agent: "a" \\ {"b":1}\r\nConnection: close\r\n\r\n',
      'GET /%0a%22%00%ff?x="},{ HTTP/1.1\r\nHost: x\r\nReferer: \x01\x02\t\r\nConnection: close\r\n\r\n',
      Buffer.from(
        'GET /\xff\xfe\x80 HTTP/1.1\r\nHost: x\r\nUser-Agent: \xc3\x28 \xff\r\nConnection: close\r\n\r\n',
        'latin1',
      ),
      'NONSENSE\r\n\r\n',
      'G\x00T / HTTP/1.1\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a"b\r\nConnection: close\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      `GET /${'a'.repeat(9000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      'GET /fixed HTTP/1.0\r\n\r\n',
    ];
    for (const bytes of hostile)
      await exchange({ port }, typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    const lines = await balancer.accessLog(hostile.length);
    expect(lines).toHaveLength(hostile.length);
    // workers write them as they end, in any order
    expect(lines).toContainEqual(
      expect.objectContaining({
        uri: '/"quotes"\\back\\slash',
        user_agent: '"a" \\ {"b":1}',
        status: '200',
      }),
    );
    for (const line of lines) expect(line['status']).toMatch(/^\d{3}$/u);
  });
});

describe.skipIf(without('nginx', 'geoip2'))('access log with GeoIP2', () => {
  test('says where the client is', async () => {
    const folder = await temporaryFolder();
    const place = {
      country: { iso_code: 'BR' },
      subdivisions: [{ iso_code: 'SP' }],
      city: { names: { en: 'São Paulo' } },
    };
    await writeFile(join(folder, 'city.mmdb'), locationDatabase(127, place));
    const balancer = await startBalancer(`
name: geoip
nginx: { modules: [geoip2] }
listeners: { http: { port: 8080 } }
logging: { geoip2: ${join(folder, 'city.mmdb')} }
routes: [{ paths: { /: { respond: 204 } } }]
`);
    await request({ port: balancer.port(8080) });
    const [line] = await balancer.accessLog(1);
    expect(line).toMatchObject({ country: 'BR', region: 'SP', city: 'São Paulo' });
  });
});
