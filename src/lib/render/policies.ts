import { PROXY_DEFAULTS } from '../balancer/defaults.ts';
import type { Path, Route } from '../balancer/schema/balancer.ts';
import { block, type Built, directive, type Word } from '../nginx/build.ts';
import { assetPath, type Context } from './context.ts';
import { literal, template } from './text.ts';
import { limitZone } from './zone.ts';

/** Options that a route and its paths share. */
export type Policies = Pick<
  Route,
  | 'timeout'
  | 'retries'
  | 'max_body_size'
  | 'buffering'
  | 'rate_limit'
  | 'connection_limit'
  | 'allow'
  | 'deny'
  | 'auth'
  | 'request_headers'
  | 'response_headers'
  | 'hsts'
  | 'cache'
  | 'waf'
>;

/** The options of a path: its own, and for the rest those of the route; headers are put together. */
export function effective(route: Route, path: Path): Policies {
  const own = Object.fromEntries(Object.entries(path).filter(([, value]) => value !== undefined)) as Policies;
  return {
    ...route,
    ...own,
    ...(route.request_headers || own.request_headers
      ? { request_headers: { ...route.request_headers, ...own.request_headers } }
      : {}),
    ...(route.response_headers || own.response_headers
      ? { response_headers: { ...route.response_headers, ...own.response_headers } }
      : {}),
  };
}

/** Directives for which http and gRPC differ in the prefix alone. */
export type ProxyPrefix = 'proxy' | 'grpc';

/** Everything about how requests travel to the servers, except where they go. */
export function proxyPolicies(prefix: ProxyPrefix, { timeout, retries, buffering }: Policies): Built[] {
  const directives: Built[] = [];
  if (timeout) {
    const connect = 'connect' in timeout ? timeout.connect : undefined;
    for (const [key, value] of [
      ['connect', connect],
      ['send', timeout.send],
      ['read', timeout.read],
    ] as const) {
      if (value !== undefined) directives.push(directive(`${prefix}_${key}_timeout`, value));
    }
  }
  if (retries === false) directives.push(directive(`${prefix}_next_upstream`, 'off'));
  if (retries) {
    const on = [
      ...(retries.on ?? PROXY_DEFAULTS.retries.on),
      ...(retries.non_idempotent ? ['non_idempotent'] : []),
    ];
    if (retries.on || retries.non_idempotent) directives.push(directive(`${prefix}_next_upstream`, ...on));
    if (retries.tries !== undefined)
      directives.push(directive(`${prefix}_next_upstream_tries`, retries.tries));
    if (retries.timeout !== undefined)
      directives.push(directive(`${prefix}_next_upstream_timeout`, retries.timeout));
  }
  if (buffering && prefix === 'proxy') {
    if (!buffering.request) directives.push(directive('proxy_request_buffering', 'off'));
    if (!buffering.response) directives.push(directive('proxy_buffering', 'off'));
  }
  return directives;
}

/** Who may come and how often: what NGINX checks before it asks a server. `zone` names the shared memory. */
export function accessPolicies(context: Context, policies: Policies, zone: string): Built[] {
  return [
    ...limits(context, policies, zone),
    ...networks(policies),
    ...authentication(context, policies),
    ...firewall(policies),
  ];
}

export function bodySize({ max_body_size }: Policies): Built[] {
  return max_body_size === undefined || max_body_size === PROXY_DEFAULTS.max_body_size
    ? []
    : [directive('client_max_body_size', max_body_size)];
}

/** Memory for the counters of one limit: about 160,000 addresses. */
const LIMIT_ZONE_SIZE = '10m';

function limits(
  context: Context,
  { rate_limit: rate, connection_limit: connections }: Policies,
  zone: string,
): Built[] {
  const directives: Built[] = [];
  if (rate) {
    const name = limitZone('rate', zone, rate.key);
    context.beside.push(
      directive(
        'limit_req_zone',
        template(context, rate.key),
        `zone=${name}:${LIMIT_ZONE_SIZE}`,
        `rate=${rate.rate}`,
      ),
    );
    const burst = rate.burst ?? burstOf(rate.rate);
    directives.push(
      directive(
        'limit_req',
        `zone=${name}`,
        ...(burst > 0 ? [`burst=${burst}`, ...(rate.delay ? [] : ['nodelay'])] : []),
      ),
      directive('limit_req_status', rate.status),
    );
  }
  if (connections) {
    const name = limitZone('connections', zone, connections.key);
    context.beside.push(
      directive('limit_conn_zone', template(context, connections.key), `zone=${name}:${LIMIT_ZONE_SIZE}`),
    );
    directives.push(
      directive('limit_conn', name, connections.connections),
      directive('limit_conn_status', connections.status),
    );
  }
  return directives;
}

/** One second of a rate: browsers ask for several things at once. */
function burstOf(rate: string): number {
  const requests = Number.parseInt(rate, 10);
  return rate.endsWith('r/s') ? requests : Math.ceil(requests / 60);
}

function networks({ allow, deny }: Policies): Built[] {
  if (!allow && !deny) return [];
  return [
    ...(deny ?? []).map((range) => directive('deny', range)),
    ...(allow ?? []).map((range) => directive('allow', range)),
    ...(allow ? [directive('deny', 'all')] : []),
  ];
}

function authentication(context: Context, { auth }: Policies): Built[] {
  if (!auth) return [];
  if (auth.basic) {
    return [
      directive('auth_basic', literal(context, auth.basic.realm ?? 'Restricted')),
      directive('auth_basic_user_file', assetPath(context, 'auth', auth.basic.users_file, true)),
    ];
  }
  if (auth.jwt) {
    return [
      directive('auth_jwt', literal(context, auth.jwt.realm ?? 'Restricted')),
      directive('auth_jwt_key_file', assetPath(context, 'auth', auth.jwt.key_file, true)),
    ];
  }
  return auth.request ? [directive('auth_request', authLocation(auth.request))] : [];
}

/** Lifts what a route asks for, in a path that says `auth: false`. */
export function withoutAuthentication({ auth }: Policies): Built[] {
  if (!auth) return [];
  if (auth.basic) return [directive('auth_basic', 'off')];
  return [directive(auth.jwt ? 'auth_jwt' : 'auth_request', 'off')];
}

/** Internal location that asks an authenticating service. */
export function authLocation({
  upstream,
  path,
}: {
  readonly upstream: string;
  readonly path: string;
}): string {
  return `/_lbctl/auth/${upstream}${path}`;
}

/** The core rules as Debian's packages lay them out; their own start-up files only watch, and leave the rules out. */
const CORE_RULES = [
  'SecRuleEngine On',
  'SecRequestBodyAccess On',
  'Include /etc/modsecurity/crs/crs-setup.conf',
  'Include /usr/share/modsecurity-crs/rules/*.conf',
].join('\n');

function rulesOf(file: string | undefined): Built {
  return file === undefined
    ? directive('modsecurity_rules', CORE_RULES)
    : directive('modsecurity_rules_file', file);
}

function firewall({ waf }: Policies): Built[] {
  if (!waf) return [];
  return waf.on ? [directive('modsecurity', 'on'), rulesOf(waf.rules)] : [directive('modsecurity', 'off')];
}

/** Headers of every answer. `cookies` are Set-Cookie values that sticky upstreams ask for; `id` keeps names apart. */
export function answerHeaders(
  context: Context,
  policies: Policies,
  cookies: readonly Word[],
  id: string,
): Built[] {
  const { response_headers: headers, hsts } = policies;
  return [
    ...(hsts
      ? [directive('add_header', 'Strict-Transport-Security', hstsVariable(context, hsts, id), 'always')]
      : []),
    ...Object.entries(headers ?? {}).map(([name, value]) =>
      directive('add_header', name, template(context, value), 'always'),
    ),
    ...cookies.map((cookie) => directive('add_header', 'Set-Cookie', cookie)),
  ];
}

/** A header over plain http would be ignored at best; the variable is empty there, and empty headers are not sent. */
function hstsVariable(context: Context, hsts: NonNullable<Policies['hsts']>, id: string): string {
  const value = `max-age=${hsts.max_age}${hsts.include_subdomains ? '; includeSubDomains' : ''}${hsts.preload ? '; preload' : ''}`;
  const variable = `$hsts_${id}`;
  const [source, yes] = context.scheme === 'scheme' ? ['$https', 'on'] : [`$${context.scheme}`, 'https'];
  context.beside.push(block('map', [source, variable], [directive(yes, value), directive('default', '')]));
  return variable;
}

export function caching(context: Context, { cache }: Policies): Built[] {
  if (!cache) return [];
  return [
    directive('proxy_cache', cache.zone),
    directive('proxy_cache_key', template(context, cache.key)),
    ...Object.entries(cache.valid).map(([status, time]) => directive('proxy_cache_valid', status, time)),
    ...(cache.stale
      ? [
          directive(
            'proxy_cache_use_stale',
            'error',
            'timeout',
            'updating',
            'http_500',
            'http_502',
            'http_503',
            'http_504',
          ),
          directive('proxy_cache_background_update', 'on'),
        ]
      : []),
    ...(cache.lock ? [directive('proxy_cache_lock', 'on')] : []),
    ...(cache.bypass.length > 0
      ? [
          directive('proxy_cache_bypass', ...cache.bypass.map((text) => template(context, text))),
          directive('proxy_no_cache', ...cache.bypass.map((text) => template(context, text))),
        ]
      : []),
  ];
}
