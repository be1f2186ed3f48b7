import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { resolved } from '../../../src/lib/balancer/resolved.ts';
import type { Path } from '../../../src/lib/balancer/schema/balancer.ts';
import { type Block, modelOf } from '../../../src/lib/lint/model/model.ts';
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

function whatNginxDoes(block: Block): Record<string, string> {
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
}: Path): Record<string, string> {
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
      .map((list) => list.join(' '))
      .join('; '),
  };
}

test('what a path says holds in NGINX whatever its route says, and config tells what holds', () => {
  fc.assert(
    fc.property(policies, policies, fc.boolean(), (route, path, websocket) => {
      const yaml = JSON.stringify({
        name: 'shop',
        listeners: { http: { port: 8080 } },
        upstreams: { web: ['127.0.0.1:9001', '127.0.0.1:9002'] },
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
      expect(whatNginxDoes(location.inner!)).toEqual(
        whatConfigTells(resolved(balancer).routes[0]!.paths['/']!),
      );
    }),
  );
});
