import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type HttpBackend, startHttp } from '../support/backends.ts';
import { request } from '../support/client.ts';
import { writeFiles } from '../support/folder.ts';
import { type RunningBalancer, startBalancer } from '../support/nginx.ts';
import { without } from '../support/tools.ts';

const path = '/.well-known/acme-challenge/';
const shop = 'shop.example.com';

const redirecting = `
name: redirecting
listeners:
  http: { port: 80, redirect: https }
  https: { port: 443, tls: { acme: { email: ops@example.com } } }
routes: [{ host: ${shop}, paths: { /: { respond: 204 } } }]
`;
const guarded = `
name: guarded
listeners:
  http: { port: 80 }
  https: { port: 443, tls: { acme: { email: ops@example.com } } }
routes: [{ host: ${shop}, deny: [0.0.0.0/0], auth: { basic: { users_file: users } }, paths: { /: { respond: 204 } } }]
`;

describe.skipIf(without('nginx', 'openssl'))('challenges of an authority', () => {
  let balancers: RunningBalancer[];
  let peer: HttpBackend;

  beforeAll(async () => {
    balancers = await Promise.all(
      [redirecting, guarded].map((yaml) => startBalancer(yaml, { users: 'ann:{PLAIN}x\n' })),
    );
    peer = await startHttp('peer');
    for (const { prefix } of balancers) await writeFiles(prefix, { [`acme/challenges${path}here`]: 'proof' });
  });

  const ask = (
    balancer: RunningBalancer,
    name: string,
    more: { host?: string; headers?: Record<string, string> } = {},
  ) => request({ port: balancer.port(80), path: `${path}${name}`, host: shop, ...more });

  test('are answered where all else is sent to https, or kept out, also for hosts that have no route', async () => {
    for (const balancer of balancers)
      for (const host of [shop, 'other.example.com'])
        expect(await ask(balancer, 'here', { host })).toMatchObject({ status: 200, body: 'proof' });
    const [redirecting, guarded] = balancers;
    expect(await request({ port: redirecting!.port(80), path: '/', host: shop })).toMatchObject({
      status: 301,
    });
    expect(await request({ port: guarded!.port(80), path: '/', host: shop })).toMatchObject({ status: 403 });
  });

  test('that are not known here are told so where there is no other node', async () => {
    for (const balancer of balancers) expect(await ask(balancer, 'there')).toMatchObject({ status: 404 });
  });

  test('that are not known here go to another node, once', async () => {
    const yaml = [redirecting, guarded];
    for (const [index, balancer] of balancers.entries()) {
      await writeFiles(join(balancer.prefix, 'acme/peers'), {
        'upstream.conf': `upstream challenge_peers { server ${peer.address}; }\n`,
        'pass.conf':
          'proxy_set_header X-Lbctl-Challenge passed;\nproxy_set_header Host $host;\nproxy_pass http://challenge_peers;\n',
      });
      // another release tells when new workers serve
      await balancer.reload(yaml[index]!.replace('204', '205'));
      const answer = JSON.parse((await ask(balancer, 'there')).body) as {
        url: string;
        headers: Record<string, string>;
      };
      expect(answer).toMatchObject({
        url: `${path}there`,
        headers: { host: shop, 'x-lbctl-challenge': 'passed' },
      });
      const passed = await ask(balancer, 'there', { headers: { 'X-Lbctl-Challenge': 'passed' } });
      expect(passed.status).toBe(404);
    }
  });
});
