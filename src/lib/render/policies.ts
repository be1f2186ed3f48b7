import { PROXY_DEFAULTS } from '../balancer/defaults.ts';
import type { Policies } from '../balancer/effective.ts';
import { block, type Built, directive, type Word } from '../nginx/build.ts';
import { assetPath, type Context } from './context.ts';
import { literal, template } from './text.ts';
import { limitZone } from './zone.ts';

/** Directives for which http and gRPC differ in the prefix alone. */
export type ProxyPrefix = 'proxy' | 'grpc';

/** Everything about how requests travel to the servers, except where they go, for all paths of a route. */
export function proxyPolicies(prefix: ProxyPrefix, route: Policies): Built[] {
  return travelling(prefix, route, route, {});
}

/** The same for a path: what it says itself, and what would hold otherwise because its route says it. */
export function pathPolicies(prefix: ProxyPrefix, own: Policies, path: Policies, route: Policies): Built[] {
  return travelling(prefix, own, path, route);
}

/**
 * Directives for what is said in a block, and for what differs from what is inherited.
 * @param own what the block says itself
 * @param policies what is to hold in it
 * @param around what holds around it
 */
function travelling(prefix: ProxyPrefix, own: Policies, policies: Policies, around: Policies): Built[] {
  const said = valuesOf(own);
  const wanted = { ...DEFAULTS, ...valuesOf(policies) };
  const inherited = { ...DEFAULTS, ...valuesOf(around) };
  return NAMES.flatMap((name) => {
    const [value, before] = [wanted[name], inherited[name]];
    const isSaid = said[name] !== undefined && !name.endsWith('buffering');
    if (name.endsWith('buffering') && prefix === 'grpc') return [];
    // where no other server is asked, it does not matter how often
    if (name.startsWith('next_upstream_') && policies.retries === false) return [];
    return isSaid || value.join(' ') !== before.join(' ') ? [directive(`${prefix}_${name}`, ...value)] : [];
  });
}

const NAMES = [
  'connect_timeout',
  'send_timeout',
  'read_timeout',
  'next_upstream',
  'next_upstream_tries',
  'next_upstream_timeout',
  'request_buffering',
  'buffering',
] as const;

type Values = Partial<Record<(typeof NAMES)[number], readonly (string | number)[]>>;

const DEFAULTS = {
  connect_timeout: [PROXY_DEFAULTS.timeout.connect],
  send_timeout: [PROXY_DEFAULTS.timeout.send],
  read_timeout: [PROXY_DEFAULTS.timeout.read],
  next_upstream: PROXY_DEFAULTS.retries.on,
  next_upstream_tries: [PROXY_DEFAULTS.retries.tries],
  next_upstream_timeout: [PROXY_DEFAULTS.retries.timeout],
  request_buffering: ['on'],
  buffering: ['on'],
} satisfies Values;

/** Values of directives, without their prefix, for what is said. */
function valuesOf({ timeout, retries, buffering }: Policies): Values {
  const values: Record<string, readonly (string | number)[] | undefined> = {
    connect_timeout: one(timeout?.connect),
    send_timeout: one(timeout?.send),
    read_timeout: one(timeout?.read),
    next_upstream: causes(retries),
    next_upstream_tries: retries ? one(retries.tries) : undefined,
    next_upstream_timeout: retries ? one(retries.timeout) : undefined,
    request_buffering: buffering && [onOff(buffering.request)],
    buffering: buffering && [onOff(buffering.response)],
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function one(value: string | number | undefined): readonly (string | number)[] | undefined {
  return value === undefined ? undefined : [value];
}

function causes(retries: Policies['retries']): readonly string[] | undefined {
  if (retries === false) return ['off'];
  if (!retries || (retries.on === undefined && !retries.non_idempotent)) return undefined;
  return [
    ...(retries.on ?? PROXY_DEFAULTS.retries.on),
    ...(retries.non_idempotent ? ['non_idempotent'] : []),
  ];
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

/** @param around what holds where nothing is said */
export function bodySize({ max_body_size: size }: Policies, around: Policies = {}): Built[] {
  return size === undefined || size === (around.max_body_size ?? PROXY_DEFAULTS.max_body_size)
    ? []
    : [directive('client_max_body_size', size)];
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

/** Lifts what a route asks for, in a path that says `auth: false` or asks in another way. */
export function withoutAuthentication({ auth }: Policies, own: Policies['auth'] = false): Built[] {
  const kind = auth && KINDS.find((one) => auth[one]);
  return kind && !(own && own[kind]) ? [directive(`auth_${kind}`, 'off')] : [];
}

const KINDS = ['basic', 'jwt', 'request'] as const;

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

/** @param around what holds around it: what that switches on goes on unless it is switched off */
export function caching(context: Context, { cache }: Policies, around: Policies = {}): Built[] {
  if (!cache) return [];
  const { stale, lock, bypass = [] } = around.cache ?? {};
  const texts = cache.bypass.length > 0 ? cache.bypass.map((text) => template(context, text)) : ['0'];
  return [
    directive('proxy_cache', cache.zone),
    directive('proxy_cache_key', template(context, cache.key)),
    ...Object.entries(cache.valid).map(([status, time]) => directive('proxy_cache_valid', status, time)),
    ...(cache.stale || stale
      ? [
          directive('proxy_cache_use_stale', ...(cache.stale ? STALE : ['off'])),
          directive('proxy_cache_background_update', onOff(cache.stale)),
        ]
      : []),
    ...(cache.lock || lock ? [directive('proxy_cache_lock', onOff(cache.lock))] : []),
    ...(cache.bypass.length + bypass.length > 0
      ? [directive('proxy_cache_bypass', ...texts), directive('proxy_no_cache', ...texts)]
      : []),
  ];
}

/** When an old answer is better than none. */
const STALE = ['error', 'timeout', 'updating', 'http_500', 'http_502', 'http_503', 'http_504'];

function onOff(on: boolean): 'on' | 'off' {
  return on ? 'on' : 'off';
}
