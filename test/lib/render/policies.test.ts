import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { resolved } from '../../../src/lib/balancer/resolved.ts';
import type { Path } from '../../../src/lib/balancer/schema/balancer.ts';
import { type Block, type Model, modelOf } from '../../../src/lib/lint/model/model.ts';
import { Context } from '../../../src/lib/nginx/directives/contexts.ts';
import { loadConfiguration } from '../../../src/lib/nginx/include/load.ts';
import { systemLayout } from '../../../src/lib/render/layout.ts';
import { render } from '../../../src/lib/render/render.ts';

/** What a route or a path may say; where it stands decides what holds. */
const optional = { requiredKeys: [] };
const time = fc.constantFrom('1s', '2s', '10s', '60s');
const policies = fc.record(
  {
    timeout: fc.oneof(time, fc.record({ connect: time, send: time, read: time }, optional)),
    retries: fc.oneof(
      fc.constant(false),
      fc.record(
        {
          on: fc.constantFrom(['error'], ['error', 'timeout'], ['http_503']),
          tries: fc.constantFrom(2, 3),
          timeout: time,
          non_idempotent: fc.boolean(),
        },
        optional,
      ),
    ),
    buffering: fc.oneof(fc.boolean(), fc.record({ request: fc.boolean(), response: fc.boolean() }, optional)),
    max_body_size: fc.constantFrom('1m', '10m', 0),
    auth: fc.constantFrom(
      false,
      { basic: { users_file: 'users' } },
      { basic: { users_file: 'others', realm: 'Others' } },
      { request: { upstream: 'web', path: '/check' } },
    ),
    allow: fc.constantFrom(['10.0.0.0/8'], ['192.0.2.1']),
    deny: fc.constantFrom(['10.0.0.1'], ['10.0.0.2']),
    cache: fc.constantFrom(
      'pages',
      { zone: 'files', valid: { any: '5s' }, bypass: ['$cookie_user'] },
      { zone: 'files', key: '$request_uri', stale: false, lock: false },
    ),
    rate_limit: fc.constantFrom(
      '20r/s',
      { rate: '5r/s', burst: 0, status: 503 },
      { rate: '60r/m', delay: true },
    ),
    connection_limit: fc.constantFrom(5, { connections: 9, status: 503 }),
    hsts: fc.constantFrom(true, { max_age: 60, include_subdomains: true }),
    request_headers: fc.dictionary(fc.constantFrom('X-A', 'X-B', 'Host'), fc.constantFrom('', 'one', 'two')),
    response_headers: fc.dictionary(fc.constantFrom('X-A', 'X-B', 'X-C'), fc.constantFrom('one', 'two')),
  },
  optional,
);

/** Defaults of NGINX, where nothing that is rendered says otherwise. */
const DEFAULTS: Readonly<Record<string, string>> = {
  proxy_connect_timeout: '60s',
  proxy_send_timeout: '60s',
  proxy_read_timeout: '60s',
  proxy_next_upstream: 'error timeout',
  proxy_request_buffering: 'on',
  proxy_buffering: 'on',
  client_max_body_size: '1m',
  auth_basic: 'off',
  auth_basic_user_file: '',
  auth_request: 'off',
  proxy_cache: 'off',
  proxy_cache_use_stale: 'off',
  proxy_cache_background_update: 'off',
  proxy_cache_lock: 'off',
  proxy_cache_bypass: '0',
  proxy_no_cache: '0',
};

/** What NGINX has for a directive in a block. */
function held(block: Block, name: string): string {
  const [item] = block.effective(name);
  return item
    ? item.directive.words
        .slice(1)
        .map(({ value }) => value)
        .join(' ')
    : (DEFAULTS[name] ?? '');
}

const CACHING = [
  'proxy_cache',
  'proxy_cache_key',
  'proxy_cache_use_stale',
  'proxy_cache_background_update',
  'proxy_cache_lock',
  'proxy_cache_bypass',
  'proxy_no_cache',
];

/** All of a list that NGINX has for a directive in a block, such as headers, in the order of the letters. */
function list(block: Block, name: string): string[] {
  return block
    .effective(name)
    .map(({ directive }) => words(directive.words.slice(1).map(({ value }) => value)))
    .toSorted();
}

function words(parts: readonly (string | number)[]): string {
  return parts.join(' ');
}

function whatNginxDoes(block: Block, variables: ReadonlyMap<string, string>): Record<string, unknown> {
  const cached = held(block, 'proxy_cache') !== 'off';
  const off = held(block, 'proxy_next_upstream') === 'off';
  const isAsking = held(block, 'auth_basic') !== 'off';
  return {
    connect: held(block, 'proxy_connect_timeout'),
    send: held(block, 'proxy_send_timeout'),
    read: held(block, 'proxy_read_timeout'),
    retries: held(block, 'proxy_next_upstream'),
    tries: off ? '' : held(block, 'proxy_next_upstream_tries'),
    until: off ? '' : held(block, 'proxy_next_upstream_timeout'),
    requests: held(block, 'proxy_request_buffering'),
    answers: held(block, 'proxy_buffering'),
    size: held(block, 'client_max_body_size'),
    basic: isAsking ? `${held(block, 'auth_basic')} ${held(block, 'auth_basic_user_file')}` : 'off',
    request: held(block, 'auth_request'),
    networks: ['deny', 'allow']
      .map((name) =>
        block
          .effective(name)
          .map(({ directive }) => directive.words[1]!.value)
          .join(' '),
      )
      .join('; '),
    cache: cached ? CACHING.map((name) => held(block, name)) : [],
    kept: cached ? list(block, 'proxy_cache_valid') : [],
    rate: list(block, 'limit_req').map((text) => text.replace(/zone=\S+/u, (zone) => variables.get(zone)!)),
    'refused by rate': held(block, 'limit_req_status'),
    connections: list(block, 'limit_conn').map((text) => text.replace(/^\S+ /u, '')),
    'refused by connections': held(block, 'limit_conn_status'),
    headers: list(block, 'add_header').map((text) =>
      text.replace(/\$hsts_\w+/u, (name) => variables.get(name)!),
    ),
    sent: list(block, 'proxy_set_header').filter((text) => /^(?:X-[ABC]|Host) ?/u.test(text)),
  };
}

/** The same from what `lbctl config` tells of the path. */
function whatConfigTells({
  timeout,
  retries,
  buffering,
  max_body_size: size,
  auth,
  allow,
  deny,
  ...path
}: Path): Record<string, unknown> {
  const { connect = '', send = '', read = '' } = timeout ?? {};
  const on = retries ? [...retries.on!, ...(retries.non_idempotent ? ['non_idempotent'] : [])] : ['off'];
  return {
    connect,
    send,
    read,
    retries: on.join(' '),
    tries: retries ? String(retries.tries) : '',
    until: retries ? retries.timeout! : '',
    requests: buffering?.request === false ? 'off' : 'on',
    answers: buffering?.response === false ? 'off' : 'on',
    size: String(size),
    basic: auth && auth.basic ? `${auth.basic.realm} auth/${auth.basic.users_file}` : 'off',
    request: auth && auth.request ? `/_lbctl/auth/${auth.request.upstream}${auth.request.path}` : 'off',
    networks: [[...(deny ?? []), ...(allow ? ['all'] : [])], allow ?? []]
      .map((one) => one.join(' '))
      .join('; '),
    ...cachingTold(path),
    ...limitsTold(path),
    headers: [
      ...(path.hsts ? [`Strict-Transport-Security ${hstsOf(path.hsts)} always`] : []),
      ...Object.entries(path.response_headers ?? {}).map(([name, value]) => `${name} ${value} always`),
    ].toSorted(),
    sent: Object.entries({ Host: '$host', ...path.request_headers })
      .map(words)
      .toSorted(),
  };
}

function cachingTold({ cache }: Path): Record<string, unknown> {
  if (!cache) return { cache: [], kept: [] };
  const stale = 'error timeout updating http_500 http_502 http_503 http_504';
  const bypass = cache.bypass.length > 0 ? words(cache.bypass) : '0';
  return {
    cache: [
      cache.zone,
      cache.key,
      cache.stale ? stale : 'off',
      cache.stale ? 'on' : 'off',
      cache.lock ? 'on' : 'off',
      bypass,
      bypass,
    ],
    kept: Object.entries(cache.valid).map(words).toSorted(),
  };
}

function limitsTold({ rate_limit: rate, connection_limit: connections }: Path): Record<string, unknown> {
  const burst = rate?.burst ?? (rate?.rate.endsWith('r/s') ? Number.parseInt(rate.rate, 10) : 1);
  return {
    rate: rate
      ? [words([rate.rate, ...(burst > 0 ? [`burst=${burst}`, ...(rate.delay ? [] : ['nodelay'])] : [])])]
      : [],
    'refused by rate': rate ? String(rate.status) : '',
    connections: connections ? [String(connections.connections)] : [],
    'refused by connections': connections ? String(connections.status) : '',
  };
}

function hstsOf({ max_age: age, include_subdomains: below, preload }: NonNullable<Path['hsts']>): string {
  return `max-age=${age}${below ? '; includeSubDomains' : ''}${preload ? '; preload' : ''}`;
}

/** What zones of limits allow, and what the variables of HSTS hold over TLS. */
function meanings(model: Model): Map<string, string> {
  const found = new Map<string, string>();
  for (const { directive } of model.named('limit_req_zone')) {
    const zone = directive.words.find(({ value }) => value.startsWith('zone='))!.value;
    const rate = directive.words.find(({ value }) => value.startsWith('rate='))!.value;
    found.set(zone.replace(/:\w+$/u, ''), rate.slice('rate='.length));
  }
  for (const map of model.named('map'))
    for (const { directive } of model.rows(map))
      if (directive.name === 'on') found.set(map.directive.words[2]!.value, directive.words[1]!.value);
  return found;
}

test('what a path says holds in NGINX whatever its route says, and config tells what holds', () => {
  fc.assert(
    fc.property(policies, policies, fc.boolean(), (route, path, websocket) => {
      const yaml = JSON.stringify({
        name: 'shop',
        listeners: { http: { port: 8080 } },
        upstreams: { web: ['127.0.0.1:9001', '127.0.0.1:9002'] },
        caches: { pages: { size: '1g' }, files: { size: '1g' } },
        routes: [
          { ...route, host: 'a.example.com', paths: { '/': { upstream: 'web', websocket, ...path } } },
        ],
      });
      const { balancer } = readBalancer(yaml, 'lb.yaml');
      const { files } = render(balancer, systemLayout('www-data'));
      const texts = new Map(files.map(({ path: name, content }) => [`/${name}`, String(content)]));
      const read = (name: string) => texts.get(name);
      const model = modelOf(loadConfiguration('/nginx.conf', { read, list: () => undefined }), Context.main);
      const location = model
        .named('location')
        .find(
          ({ directive: { words }, inner }) => words[1]!.value === '/' && inner!.own('proxy_pass').length > 0,
        )!;
      expect(whatNginxDoes(location.inner!, meanings(model))).toEqual(
        whatConfigTells(resolved(balancer).routes[0]!.paths['/']!),
      );
    }),
  );
});
