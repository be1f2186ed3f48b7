import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readBalancer } from '../../../../src/lib/balancer/read.ts';
import { systemLayout } from '../../../../src/lib/render/layout.ts';
import { render } from '../../../../src/lib/render/render.ts';
import { lintBalancer } from '../../../../src/lib/source/linting/balancer.ts';

const root = new URL('../../../../', import.meta.url).pathname;
const settings = { target: undefined };

/** Line and text of what each finding points at. */
function found(text: string): { rule: string; line: number; marked: string }[] {
  return lintBalancer(text, 'lb.yaml', settings).map(
    ({ rule, line, column, endLine, endColumn, sourceLine }) => ({
      rule,
      line,
      marked: sourceLine.slice(column - 1, line === endLine ? endColumn - 1 : undefined),
    }),
  );
}

const HEAD = `name: shop
listeners:
  http: { port: 80 }
upstreams:
  web: { servers: [10.0.0.11:8080, 10.0.0.12:8080] }
`;

describe('lint of lb.yaml', () => {
  test('tells what a snippet does at its own line', () => {
    const text = `${HEAD}routes:
  - paths:
      /:
        upstream: web
        snippet: |
          # a remark
          proxy_set_header Host $http_host;
`;
    expect(found(text)).toContainEqual({
      rule: 'security/host-spoofing',
      line: 12,
      marked: 'proxy_set_header Host $http_host;',
    });
  });

  test('tells what NGINX would refuse in a snippet at its own line', () => {
    const text = `${HEAD}snippets:
  http: |
    proxy_read_timeout 5parsecs;
routes: [{ paths: { /: web } }]
`;
    expect(found(text)).toEqual([{ rule: 'syntax/value', line: 8, marked: 'proxy_read_timeout 5parsecs;' }]);
  });

  test('tells of a server of a pool at its address', () => {
    const text = `name: shop
listeners: { http: { port: 80 } }
upstreams:
  web:
    servers:
      - 10.0.0.11:8080
      - 10.0.0.12:8080
    snippet: |
      server 10.0.0.12:8080;
routes: [{ paths: { /: web } }]
`;
    const finding = lintBalancer(text, 'lb.yaml', settings).find(
      ({ rule }) => rule === 'reliability/duplicate-server',
    );
    expect(finding).toMatchObject({
      file: 'lb.yaml',
      line: 9,
      fixable: false,
      related: { message: 'the first one', file: 'lb.yaml', line: 7 },
    });
  });

  test('takes what is rendered for a whole configuration, and what a snippet includes for unknown', () => {
    const text = `${HEAD}snippets:\n  http: |\n    ssl_protocols TLSv1;\nroutes: [{ paths: { /: web } }]\n`;
    // no server of it speaks TLS with clients
    expect(found(text)).toEqual([]);
    const more = text.replace('ssl_protocols', 'include /etc/nginx/more.conf;\n    ssl_protocols');
    expect(found(more).map(({ rule }) => rule)).toEqual(['tls/weak-protocols']);
  });

  test('tells where lb.yaml itself is wrong', () => {
    const text = `${HEAD}routes:\n  - paths: { /: wbe }\n`;
    expect(found(text)).toEqual([{ rule: 'syntax/lb-yaml', line: 7, marked: 'wbe' }]);
    expect(found('name: [')).toMatchObject([{ rule: 'syntax/lb-yaml', line: 1 }]);
    expect(found('')).toMatchObject([{ rule: 'syntax/lb-yaml', line: 1 }]);
  });

  test('tells of what can be run and is hardly meant', () => {
    const text = `name: shop
listeners:
  http: { port: 80, redirect: https }
  https: { port: 443 }
upstreams: { web: [10.0.0.11:8080] }
routes: [{ paths: { /: web } }]
`;
    const rule = 'reliability/lb-yaml';
    expect(found(text)).toEqual([{ rule, line: 4, marked: 'https' }]);
    expect(found(text.replace('443', '443, protocol: http'))).toEqual([]);
    expect(found(text.replace('  https', `  # lbctl-ignore-next-line ${rule} -- an ALB\n  https`))).toEqual(
      [],
    );
    expect(found(`${HEAD}`)).toContainEqual({ rule, line: 1, marked: '' });
    const tcp = HEAD.replace('port: 80', 'port: 80, protocol: tcp, upstream: web');
    expect(found(tcp).filter((one) => one.rule === rule)).toEqual([]);
  });

  test('says what to write in lb.yaml, and not for NGINX', () => {
    const text = HEAD.replace('10.0.0.11:8080', 'app.internal:8080');
    expect(lintBalancer(text, 'lb.yaml', settings).map(({ hint }) => hint)).toEqual([
      'add routes: [{ paths: { /: web } }]',
      'take it out, or look whether a path should lead to it',
      'where its address changes, write { address: app.internal:8080, resolve: true }, which takes nginx: { version: "1.27.3", resolver: [169.254.169.253] } or newer',
    ]);
  });

  test('has nothing to say of an https listener beside one that redirects to it', () => {
    const text = `name: shop
listeners:
  http: { port: 80, redirect: https }
  https: { port: 443, tls: { certificate: shop.pem, key: shop.key } }
upstreams: { web: [10.0.0.11:8080] }
routes: [{ host: shop.example.com, paths: { /: web } }]
`;
    expect(found(text)).toEqual([]);
  });

  test('leaves alone what a comment in lb.yaml says', () => {
    const text = `${HEAD}snippets:
  server: |
    # lbctl-ignore-next-line security/version-disclosure -- for the demo
    server_tokens on;
routes: [{ paths: { /: web } }]
`;
    expect(found(text)).toEqual([]);
    expect(
      found(text.replace('security/version-disclosure', 'tls/weak-protocols')).map(({ rule }) => rule),
    ).toEqual(['style/unused-ignore', 'security/version-disclosure']);
  });

  test('looks through it as the NGINX that it is for, unless another one is named', () => {
    const text = `${HEAD}nginx: { version: "1.22" }
snippets:
  http: |
    max_headers 100;
routes: [{ paths: { /: web } }]
`;
    expect(found(text).map(({ rule }) => rule)).toEqual(['syntax/unknown-directive']);
    const target = { version: '1.30', plus: false };
    expect(lintBalancer(text, 'lb.yaml', { target })).toEqual([]);
  });
});

describe.each(readdirSync(`${root}fixtures/generate`).filter((name) => name.endsWith('.yaml')))(
  '%s',
  (name) => {
    const text = readFileSync(`${root}fixtures/generate/${name}`, 'utf8');

    test('has no finding above info', () => {
      expect(lintBalancer(text, name, settings).filter(({ severity }) => severity !== 'info')).toEqual([]);
    });

    test('each line that is rendered has an origin in the file, or none', () => {
      const { balancer, source } = readBalancer(text, name);
      for (const { content, origins } of render(balancer, systemLayout('www-data')).files) {
        expect(origins).toHaveLength(content.split('\n').length - 1);
        expect(origins.every((origin) => !origin || source.rangeOf(origin.path)[1] <= text.length)).toBe(
          true,
        );
      }
    });
  },
);
