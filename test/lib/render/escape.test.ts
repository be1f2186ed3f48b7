import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { parseTemplate } from '../../../src/lib/balancer/template.ts';
import { InvalidInput } from '../../../src/lib/errors.ts';
import type { BuiltStatement } from '../../../src/lib/nginx/build.ts';
import { readFragment } from '../../../src/lib/nginx/fragment.ts';
import { systemLayout } from '../../../src/lib/render/layout.ts';
import { render } from '../../../src/lib/render/render.ts';
import { startHttp } from '../../support/backends.ts';
import { request } from '../../support/client.ts';
import { refusalOf, startBalancer } from '../../support/nginx.ts';
import { without } from '../../support/tools.ts';

/** Texts made of what means something to NGINX, to YAML or to a header, and of letters beyond ASCII. */
const evil = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '"',
        "'",
        ';',
        '{',
        '}',
        '#',
        '\\',
        '$',
        '$$',
        '${',
        '$host',
        '${host}',
        ' ',
        '\n',
        '\r',
        '\t',
        '\0',
        '*',
        '~',
        '=',
        '@',
        '%',
        '\\n',
        '"; }',
        "'; }",
        'default',
        'include',
        '\u00e9',
        '\u4f60',
        '\u{1f600}',
        '\ud800',
        '\u2028',
        '\ufeff',
        '../',
        '://',
        '/*',
        'Lua',
      ),
      fc.string({ maxLength: 6 }),
    ),
    { minLength: 0, maxLength: 8 },
  )
  .map((parts) => parts.join(''));

/** Every place of lb.yaml where people write text of their own, by the value to put there. */
const FIELDS: Readonly<Record<string, (text: string) => unknown>> = {
  name: (text) => ({ name: text }),
  user: (text) => ({ nginx: { user: text } }),
  health: (text) => ({ health: { path: `/${text}` } }),
  certificate: (text) => ({
    listeners: {
      http: { port: 80 },
      https: { port: 443, tls: { certificate: `/${text}`, key: `/${text}` } },
    },
  }),
  upstreamName: (text) => ({ upstreams: { web: ['127.0.0.1:1'], [`u${text}`]: ['127.0.0.1:1'] } }),
  server: (text) => ({ upstreams: { web: [`h${text}`] } }),
  hash: (text) => ({
    upstreams: { web: { servers: ['127.0.0.1:1'], balance: { hash: `\${host}${text}` } } },
  }),
  sticky: (text) => ({
    upstreams: {
      web: { servers: ['127.0.0.1:1'], sticky: { cookie: 'c', path: `/${text}`, domain: `d${text}` } },
    },
  }),
  backendName: (text) => ({
    upstreams: { web: { servers: ['127.0.0.1:1'], tls: { name: `n${text}`, verify: false } } },
  }),
  healthPath: (text) => ({ upstreams: { web: { servers: ['127.0.0.1:1'], health: { path: `/${text}` } } } }),
  host: (text) => route({ host: `a${text}` }),
  prefix: (text) => route({ paths: { '/': 'web', [`/x${text}`]: 'web' } }),
  exact: (text) => route({ paths: { '/': 'web', [`= /${text}`]: 'web' } }),
  body: (text) => path({ respond: { body: `b${text}` } }),
  contentType: (text) => path({ respond: { body: 'x', content_type: `text/${text}` } }),
  redirect: (text) => path({ redirect: `/${text}` }),
  responseHeader: (text) => path({ upstream: 'web', response_headers: { 'X-Test': text } }),
  responseHeaderName: (text) => path({ upstream: 'web', response_headers: { [`X${text}`]: 'x' } }),
  requestHeader: (text) => path({ upstream: 'web', request_headers: { 'X-Test': text } }),
  rewriteTo: (text) => path({ upstream: 'web', rewrite: { '^/(.*)$': `/${text}` } }),
  rateKey: (text) => path({ upstream: 'web', rate_limit: { rate: '5r/s', key: `\${remote_addr}${text}` } }),
  splitKey: (text) => path({ split: { upstreams: { web: 1 }, key: `\${request_id}${text}` } }),
  whenHeader: (text) => path({ upstream: 'web', when: [{ header: { 'X-A': text }, upstream: 'web' }] }),
  whenCookie: (text) => path({ upstream: 'web', when: [{ cookie: { a: text }, upstream: 'web' }] }),
  realm: (text) => path({ upstream: 'web', auth: { basic: { users_file: '/u', realm: text } } }),
  usersFile: (text) => path({ upstream: 'web', auth: { basic: { users_file: `/u${text}` } } }),
  authPath: (text) => path({ upstream: 'web', auth: { request: { upstream: 'web', path: `/${text}` } } }),
  staticRoot: (text) => path({ static: { root: `/r${text}`, index: `i${text}`, fallback: `/${text}` } }),
  waf: (text) => ({
    nginx: { modules: ['modsecurity'] },
    ...path({ upstream: 'web', waf: { rules: `/w${text}` } }),
  }),
  cacheKey: (text) => ({
    caches: { c: '1m' },
    ...path({ upstream: 'web', cache: { zone: 'c', key: `\${uri}${text}`, bypass: [`\${arg_x}${text}`] } }),
  }),
};

function route(options: object): object {
  return { routes: [{ paths: { '/': 'web' }, ...options }] };
}

function path(options: object): object {
  return route({ paths: { '/': options } });
}

/** HTTP drops spaces and tabs around the value of a header, and no other white space. */
const trimmed = (value: string) => value.replace(/^[ \t]+|[ \t]+$/gu, '');

/** JSON is YAML, so every text survives being written down. */
function yamlWith(field: string, text: string): string {
  const base = {
    name: 'shop',
    listeners: { http: { port: 80 } },
    upstreams: { web: ['127.0.0.1:1'] },
    ...route({}),
  };
  return JSON.stringify({ ...base, ...(FIELDS[field]!(text) as object) });
}

/** The tree, or undefined where the text was refused; a refusal must say where. */
function rendered(yaml: string): ReturnType<typeof render> | undefined {
  try {
    return render(readBalancer(yaml, 'lb.yaml').balancer, systemLayout('www-data'));
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    for (const { span } of (error as InvalidInput).problems) expect(span?.line).toBe(1);
    return undefined;
  }
}

/** Names of all directives, nested as they are, without those that follow from a dollar sign or a long text. */
function skeleton(statements: readonly BuiltStatement[]): unknown[] {
  return statements.flatMap((statement) => {
    if (statement.kind !== 'directive') return [];
    const name = typeof statement.name === 'string' ? statement.name : statement.name.raw;
    if (name === 'geo' || name.endsWith('_hash_bucket_size')) return [];
    return statement.block ? [name === 'map' ? name : [name, skeleton(statement.block)]] : [name];
  });
}

function shapeOf(tree: ReturnType<typeof render>): unknown[] {
  return tree.files.map(({ content }) => {
    const read = readFragment(content);
    if ('problem' in read) throw new Error(read.problem.message);
    return skeleton(read.statements);
  });
}

describe('a text that tries to leave its place', () => {
  test.each(Object.keys(FIELDS))('%s: is refused where it stands, or changes no other directive', (field) => {
    const harmless = rendered(yamlWith(field, 'plain'))!;
    expect(harmless).toBeDefined();
    fc.assert(
      fc.property(evil, (text) => {
        const tree = rendered(yamlWith(field, text));
        if (tree) expect(shapeOf(tree)).toEqual(shapeOf(harmless));
      }),
      { numRuns: 120 },
    );
  });
});

describe.skipIf(without('nginx', 'modsecurity'))('nginx -t', () => {
  /** Files on the node that a test does not have are no fault of the text. */
  const ABSENT = /No such file or directory|cannot load certificate|Failed to open|host not found|getpwnam/u;

  test.each(Object.keys(FIELDS))(
    '%s: takes every text that is not refused',
    async (field) => {
      await fc.assert(
        fc.asyncProperty(evil, async (text) => {
          const yaml = yamlWith(field, text);
          fc.pre(rendered(yaml) !== undefined);
          const refusal = await refusalOf(yaml).catch((error: Error) => error.message);
          expect(refusal ?? 'No such file or directory').toMatch(ABSENT);
        }),
        { numRuns: 5, maxSkipsPerRun: 2000 },
      );
    },
    60_000,
  );
});

describe.skipIf(without('nginx'))('a real request', () => {
  test('gets back every text that is not refused as it was written', async () => {
    const backend = await startHttp('web');
    const yaml = (text: string) => {
      const paths = {
        '/': {
          upstream: 'web',
          response_headers: { 'X-Test': text || 'x' },
          request_headers: { 'X-Test': text },
        },
        '= /body': { respond: { body: text } },
        '= /go': { redirect: `/to${text}` },
        [`= /at${text}`]: { respond: { body: 'found' } },
      };
      return JSON.stringify({
        name: 'shop',
        listeners: { http: { port: 80 } },
        upstreams: { web: [backend.address] },
        routes: [{ paths }],
      });
    };
    const balancer = await startBalancer(yaml('first'));
    const port = balancer.port(80);
    let served = 0;
    await fc.assert(
      fc.asyncProperty(evil, async (text) => {
        const parts = parseTemplate(text);
        fc.pre(parts.every(({ kind }) => kind === 'text') && rendered(yaml(text)) !== undefined);
        const literal = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
        await balancer.reload(yaml(text));
        served++;
        const bytes = Buffer.from(literal).toString('latin1');
        // HTTP drops spaces at the end of a header; and for a moment workers with the text before still answer
        await vi.waitFor(async () => {
          expect((await request({ port, path: '/body' })).body).toBe(literal);
          expect((await request({ port, path: '/go' })).headers.location).toBe(trimmed(`/to${bytes}`));
          expect((await request({ port, path: '/' })).headers['x-test']).toBe(
            text === '' ? 'x' : trimmed(bytes),
          );
          // a location is no template: there a dollar sign is a dollar sign
          expect((await request({ port, path: `/at${encodeURIComponent(text)}` })).body).toBe('found');
        }, 30_000);
        expect(backend.received.at(-1)!.headers['x-test']).toBe(literal === '' ? undefined : trimmed(bytes));
      }),
      { numRuns: 25, maxSkipsPerRun: 1000 },
    );
    expect(served).toBeGreaterThan(10);
  }, 60_000);
});
