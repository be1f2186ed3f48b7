import { describe, expect, test } from 'vitest';
import { startHttp } from '../support/backends.ts';
import { request } from '../support/client.ts';
import { startBalancer } from '../support/nginx.ts';
import { without } from '../support/tools.ts';

describe.skipIf(without('nginx', 'modsecurity', 'core-rules'))('web application firewall', () => {
  test('the core rules refuse attacks and let the rest through', async () => {
    const web = await startHttp('web');
    const balancer = await startBalancer(`
name: firewall
nginx: { modules: [modsecurity] }
listeners: { http: { port: 8080 } }
upstreams: { web: ["${web.address}"] }
routes:
  - waf: true
    paths:
      /: web
      /raw/: { upstream: web, waf: false }
      /fixed: { respond: 204 }
`);
    const attack = '?q=%3Cscript%3Ealert(1)%3C/script%3E';
    const status = async (path: string): Promise<number> => {
      const headers = { 'user-agent': 'test', accept: '*/*' };
      return (await request({ port: balancer.port(8080), host: 'shop.example.com', path, headers })).status;
    };
    expect(await status('/?q=shoes')).toBe(200);
    expect(await status(`/${attack}`)).toBe(403);
    expect(await status("/?id=1'%20OR%20'1'='1")).toBe(403);
    expect(await status(`/raw/${attack}`)).toBe(200);
    expect(await status('/fixed')).toBe(204);
    expect(await status(`/fixed${attack}`)).toBe(403);
    expect(web.received).toHaveLength(2);
  });
});
