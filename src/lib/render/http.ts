import { PROXY_DEFAULTS } from '../balancer/defaults.ts';
import type { Balancer } from '../balancer/schema/balancer.ts';
import { routedUpstreams } from '../balancer/upstreams.ts';
import { block, type Built, type BuiltStatement, comment, directive, from, groups } from '../nginx/build.ts';
import { challengePeers } from './challenges.ts';
import { type Context, ownPath } from './context.ts';
import { endedTls, healthServer } from './fleet.ts';
import { plainDestination } from './destination.ts';
import { standardHeaders } from './headers.ts';
import { httpLogging } from './logging.ts';
import type { ProxyPrefix } from './policies.ts';
import { boundPort } from './sockets.ts';
import { parseSnippet } from './snippet.ts';

/** Media types worth compressing beside text/html, which always is. */
const COMPRESSIBLE = [
  'text/css',
  'text/plain',
  'text/xml',
  'text/javascript',
  'application/javascript',
  'application/json',
  'application/xml',
  'application/manifest+json',
  'image/svg+xml',
  'font/ttf',
  'font/otf',
];

/** The http block. `includes` are the files of upstreams and sites, in order. */
export function renderHttp(context: Context, includes: readonly string[]): Built {
  const { balancer } = context;
  return block(
    'http',
    [],
    groups(
      context.shared.has('mime_types')
        ? [
            directive('include', ownPath(context, 'mime.types')),
            directive('default_type', 'application/octet-stream'),
          ]
        : [],
      basics(),
      hashSizes(balancer),
      proxying(context),
      temporaryFolders(context),
      from(['compression'], compression(balancer)),
      caches(context),
      from(['logging'], httpLogging(context)),
      helpers(context),
      parseSnippet(balancer.snippets.http, ['snippets', 'http']),
      from(['metrics'], [metricsServer(context)]),
      balancer.provider === 'ec2' ? [healthServer(context)] : [],
      challengePeers(context),
      includes.map((path) => directive('include', ownPath(context, path))),
    ),
  );
}

function basics(): BuiltStatement[] {
  return [
    directive('server_tokens', 'off'),
    comment('Redirects keep the scheme, host and port that the client used.'),
    directive('absolute_redirect', 'off'),
    directive('sendfile', 'on'),
    directive('tcp_nopush', 'on'),
    comment(
      'Many requests a connection, but a client that sends its headers slowly does not hold one for long.',
    ),
    directive('keepalive_requests', 10000),
    directive('client_header_timeout', '15s'),
    directive('reset_timedout_connection', 'on'),
  ];
}

/** Longest key that fits NGINX's default bucket of 64 bytes, with its bookkeeping. */
const SHORT_KEY = 40;

/** NGINX refuses to start when one key does not fit a bucket. */
function hashSizes(balancer: Balancer): Built[] {
  const hosts = balancer.routes.flatMap(({ host }) => host ?? []);
  const conditions = balancer.routes.flatMap(({ paths }) =>
    Object.values(paths).flatMap(({ when }) => when ?? []),
  );
  const values = conditions.flatMap(({ header, cookie }) => [
    ...Object.values(header ?? {}),
    ...Object.values(cookie ?? {}),
  ]);
  const snis = Object.values(balancer.listeners).flatMap(({ sni }) => Object.keys(sni ?? {}));
  return [
    ...bucketSize('server_names_hash_bucket_size', hosts),
    ...bucketSize('map_hash_bucket_size', [...values, ...snis]),
    ...(Object.keys(balancer.upstreams).some((name) => name.length > 24)
      ? [directive('variables_hash_bucket_size', 128)]
      : []),
  ];
}

function bucketSize(name: string, keys: readonly string[]): Built[] {
  const longest = Math.max(0, ...keys.map((key) => Buffer.byteLength(key)));
  return longest <= SHORT_KEY ? [] : [directive(name, 2 ** Math.ceil(Math.log2(longest + 32)))];
}

function proxying(context: Context): BuiltStatement[] {
  const upstreams = Object.values(context.balancer.upstreams);
  const prefixes: ProxyPrefix[] = [];
  if (upstreams.some(({ protocol }) => protocol === 'http')) prefixes.push('proxy');
  if (upstreams.some(({ protocol }) => protocol === 'grpc')) prefixes.push('grpc');
  return groups(
    ...prefixes.map((prefix) => [
      ...(prefix === 'proxy' && !context.has('1.29.7')
        ? [
            comment(
              'Connections to the servers can be kept open only with HTTP/1.1 and without this header.',
            ),
            directive('proxy_http_version', '1.1'),
          ]
        : []),
      ...standardHeaders(context, prefix),
      comment(
        'A server that does not answer costs seconds, not minutes, and a request visits a few servers at most.',
      ),
      directive(`${prefix}_connect_timeout`, PROXY_DEFAULTS.timeout.connect),
      directive(`${prefix}_next_upstream_tries`, PROXY_DEFAULTS.retries.tries),
      directive(`${prefix}_next_upstream_timeout`, PROXY_DEFAULTS.retries.timeout),
    ]),
  );
}

/** For an NGINX that cannot write to the folders it was built with. */
function temporaryFolders({ layout }: Context): Built[] {
  if (layout.tempFolder === null) return [];
  return ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((user) =>
    directive(`${user}_temp_path`, `${layout.tempFolder}/${user}`),
  );
}

function compression({ compression: given }: Balancer): Built[] {
  if (!given.on) return [];
  return [
    directive('gzip', 'on'),
    directive('gzip_comp_level', given.level),
    directive('gzip_min_length', given.min_length),
    directive('gzip_proxied', 'any'),
    directive('gzip_vary', 'on'),
    directive('gzip_types', ...(given.types ?? COMPRESSIBLE)),
  ];
}

function caches({ balancer, layout }: Context): Built[] {
  return Object.entries(balancer.caches).flatMap(([name, { size, keys, inactive }]) =>
    from(
      ['caches', name],
      [
        directive(
          'proxy_cache_path',
          `${layout.cacheFolder}/${name}`,
          'levels=1:2',
          `keys_zone=${name}:${keys}`,
          `max_size=${size}`,
          `inactive=${inactive}`,
          'use_temp_path=off',
        ),
      ],
    ),
  );
}

function helpers(context: Context): BuiltStatement[] {
  const { shared, assets } = context;
  const secrets = [...assets.values()].filter(({ form }) => form.kind === 'variable');
  return groups(
    shared.has('dollar')
      ? [
          comment('A dollar sign, for texts that hold one.'),
          block('geo', ['$lbctl_dollar'], [directive('default', '$')]),
        ]
      : [],
    shared.has('upgrade')
      ? [
          comment('Only WebSocket may take a connection over.'),
          block(
            'map',
            ['$http_upgrade', '$lbctl_upgrade'],
            [directive('websocket', 'websocket'), directive('default', '')],
          ),
          block(
            'map',
            ['$lbctl_upgrade', '$lbctl_connection'],
            [directive('websocket', 'upgrade'), directive('default', '')],
          ),
        ]
      : [],
    endedTls(context),
    secrets.map(({ path }) => directive('include', ownPath(context, path))),
    [directive('include', ownPath(context, 'release.conf'))],
  );
}

/** NGINX's counters and the release that runs, for this machine alone. */
function metricsServer(context: Context): Built {
  const { balancer, layout } = context;
  const { address, port } = balancer.metrics;
  return block(
    'server',
    [],
    groups(
      [
        comment('Counters and the running release, for this machine.'),
        directive('listen', `${address}:${boundPort(layout, port)}`),
        directive('access_log', 'off'),
      ],
      [block('location', ['=', '/stub_status'], [directive('stub_status')])],
      [
        block(
          'location',
          ['=', '/release'],
          [directive('default_type', 'text/plain'), directive('return', 200, '$lbctl_release\n')],
        ),
      ],
      ...healthChecks(context).map((location) => [location]),
      plusApi(context),
      [block('location', ['/'], [directive('return', 404)])],
    ),
  );
}

/** Where the script of the node changes servers of upstreams without a reload; nobody but this machine may. */
function plusApi({ balancer, plus }: Context): BuiltStatement[] {
  const { address } = balancer.metrics;
  // what comes from an own address to the same comes from here, too
  const own = isLoopback(address) || isWildcard(address) ? [] : [address.replaceAll(/[[\]]/gu, '')];
  return plus
    ? [
        comment('Servers of upstreams are changed here without a reload, by this machine alone.'),
        block(
          'location',
          ['/api'],
          [
            ...['127.0.0.1', '::1', ...own].map((from) => directive('allow', from)),
            directive('deny', 'all'),
            directive('api', 'write=on'),
          ],
        ),
      ]
    : [];
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '[::1]';
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '[::]';
}

/** A place for what NGINX Plus asks the servers by itself: it needs a location that leads to one upstream. */
function healthChecks(context: Context): Built[] {
  const { upstreams } = context.balancer;
  return Object.entries(upstreams).flatMap(([name, { health, protocol }]) => {
    if (!health.active || !routedUpstreams(context.balancer).has(name)) return [];
    const { interval, fails, passes } = health.active;
    const question = protocol === 'grpc' ? 'type=grpc' : `uri=${health.path!}`;
    const { prefix, address, tls } = plainDestination(context, name);
    return block(
      'location',
      ['=', `/_lbctl/health/${name}`],
      [
        directive('internal'),
        ...tls,
        directive('health_check', question, `interval=${interval}`, `fails=${fails}`, `passes=${passes}`),
        directive(`${prefix}_pass`, address),
      ],
    );
  });
}
