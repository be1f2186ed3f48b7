import { listenersOf, protocolOf, speaksHttp2 } from '../balancer/protocol.ts';
import type { Balancer, Listener, Route } from '../balancer/schema/balancer.ts';
import { block, type Built, type BuiltStatement, comment, directive, from, groups } from '../nginx/build.ts';
import { challengeLocations } from './challenges.ts';
import type { Context } from './context.ts';
import { plainDestination } from './destination.ts';
import { standardHeaders } from './headers.ts';
import { mirrorLocation, renderLocation } from './locations.ts';
import { accessPolicies, answerHeaders, authLocation, bodySize, caching, proxyPolicies } from './policies.ts';
import { boundPort, listens } from './sockets.ts';
import { parseSnippet } from './snippet.ts';
import { broughtPair, listenerPair, serverCertificate } from './tls.ts';

type Named = readonly [name: string, listener: Listener];

/** The server blocks of a route: one, or one for each certificate where its listeners have different ones. */
export function routeServers(context: Context, route: Route, index: number): Built[] {
  const { balancer } = context;
  const named = listenersOf(route, balancer).map((name): Named => [name, balancer.listeners[name]!]);
  const body = routeBody(context, route, index, named);
  return from(
    ['routes', index],
    byCertificate(route, named).map((listeners) =>
      block('server', [], groups(routeHead(context, route, index, listeners), body)),
    ),
  );
}

/** Listeners that one server block can serve: those without TLS go with the first certificate. */
function byCertificate(route: Route, named: readonly Named[]): Named[][] {
  if (route.tls) return [[...named]];
  const plain = named.filter(([, { tls }]) => !tls);
  const certificates = new Map<string, Named[]>();
  for (const entry of named) {
    const { tls } = entry[1];
    if (!tls) continue;
    const key = JSON.stringify(tls);
    certificates.set(key, [...(certificates.get(key) ?? []), entry]);
  }
  const [first = [], ...rest] = certificates.values();
  return [[...plain, ...first], ...rest];
}

function routeHead(context: Context, route: Route, index: number, named: readonly Named[]): BuiltStatement[] {
  const anyHost = !route.host;
  const [name, listener] = named.find(([, { tls }]) => tls) ?? [];
  const tls = listener?.tls;
  return groups(
    [
      ...named.flatMap(([name, listener]) => from(['listeners', name], listens(context, listener, anyHost))),
      ...http2(
        context,
        named.map(([, listener]) => listener),
      ),
      directive('server_name', ...(route.host?.map((host) => host.toLowerCase()) ?? ['_'])),
    ],
    tls
      ? serverCertificate(
          context,
          route.tls ? broughtPair(context, route.tls) : listenerPair(context, name!, tls),
          tls.profile,
          'http',
          route.tls ? ['routes', index, 'tls'] : ['listeners', name!, 'tls'],
        )
      : [],
    realAddress(named.map(([, listener]) => listener)),
  );
}

function http2(context: Context, listeners: readonly Listener[]): Built[] {
  return context.has('1.25.1') && listeners.some(speaksHttp2) ? [directive('http2', 'on')] : [];
}

/** The address of the client instead of that of the balancer in front. */
export function realAddress(listeners: readonly Listener[]): BuiltStatement[] {
  const trusted = [...new Set(listeners.flatMap(({ proxy_protocol: proxy }) => proxy?.trusted ?? []))];
  if (trusted.length === 0) return [];
  return [
    ...trusted.map((range) => directive('set_real_ip_from', range)),
    directive('real_ip_header', 'proxy_protocol'),
  ];
}

function routeBody(context: Context, route: Route, index: number, named: readonly Named[]): BuiltStatement[] {
  const id = `r${index + 1}`;
  const paths = Object.entries(route.paths);
  const locations = paths.map(([key, path], place) =>
    from(
      ['routes', index, 'paths', key],
      renderLocation(context, route, key, path, {
        id: `${id}p${place + 1}`,
        snippet: ['routes', index, 'paths', key, 'snippet'],
      }),
    ),
  );
  const speaksGrpc = paths.some(
    ([, { upstream }]) => upstream !== undefined && context.balancer.upstreams[upstream]!.protocol === 'grpc',
  );
  return groups(
    accessPolicies(context, route, id),
    [
      ...bodySize(route),
      ...proxyPolicies('proxy', route),
      ...(speaksGrpc ? proxyPolicies('grpc', route) : []),
    ],
    caching(context, route),
    answerHeaders(context, route, [], id),
    parseSnippet(context.balancer.snippets.server, ['snippets', 'server']),
    parseSnippet(route.snippet, ['routes', index, 'snippet']),
    ...(route.host ? [] : [[healthLocation(context.balancer)]]),
    challengeLocations(
      context,
      named.map(([, listener]) => listener),
      route,
    ),
    ...locations.flat().map((location) => [location]),
    ...internalLocations(context, route),
  );
}

/** Locations that other directives call: copies of mirrored requests, questions to an authenticating service. */
function internalLocations(context: Context, route: Route): Built[][] {
  const paths = Object.values(route.paths);
  const mirrors = new Map(
    paths.flatMap(({ mirror }) => (mirror ? [[mirrorLocation(mirror), mirror] as const] : [])),
  );
  const questions = new Map(
    [route, ...paths].flatMap(({ auth }) =>
      auth && auth.request ? [[authLocation(auth.request), auth.request] as const] : [],
    ),
  );
  return [
    ...[...mirrors].map(([location, { upstream, body }]) => [
      internal(context, location, upstream, '$request_uri', body ? [] : withoutBody(context)),
    ]),
    ...[...questions].map(([location, { upstream, path }]) => [
      internal(context, location, upstream, path, [
        ...withoutBody(context),
        directive('proxy_set_header', 'X-Original-URI', '$request_uri'),
        directive('proxy_set_header', 'X-Original-Method', '$request_method'),
      ]),
    ]),
  ];
}

/** The server would wait for a body that the length announces. */
function withoutBody(context: Context): Built[] {
  return [
    directive('proxy_pass_request_body', 'off'),
    ...standardHeaders(context, 'proxy'),
    directive('proxy_set_header', 'Content-Length', ''),
  ];
}

function internal(
  context: Context,
  location: string,
  upstream: string,
  uri: string,
  extra: readonly Built[],
): Built {
  const { address, tls } = plainDestination(context, upstream);
  return block(
    'location',
    ['=', location],
    [
      directive('internal'),
      directive('proxy_cache', 'off'),
      ...extra,
      ...tls,
      directive('proxy_pass', `${String(address)}${uri}`),
    ],
  );
}

/** What a balancer in front asks: by address, so it stands where no host name is looked at. */
function healthLocation({ health }: Balancer): Built {
  return block(
    'location',
    ['=', health.path],
    [
      directive('access_log', 'off'),
      directive('default_type', 'text/plain'),
      directive('return', 200, 'ok\n'),
    ],
  );
}

/** Default servers: for every http and https listener that no route without a host serves. */
export function defaultServers(context: Context): Built[] {
  const { balancer } = context;
  const taken = new Set(
    balancer.routes.filter(({ host }) => !host).flatMap((route) => listenersOf(route, balancer)),
  );
  const listeners = Object.entries(balancer.listeners).filter(
    ([name, listener]) => isRouted(listener) && !taken.has(name),
  );
  const healthByHttp = Object.values(balancer.listeners).some((listener) => protocolOf(listener) === 'http');
  return listeners.flatMap(([name, listener]) =>
    from(
      ['listeners', name],
      listener.redirect
        ? redirectServers(context, name, listener)
        : [refusingServer(context, name, listener, healthByHttp)],
    ),
  );
}

function isRouted(listener: Listener): boolean {
  return ['http', 'https'].includes(protocolOf(listener));
}

/** Closes the connection on requests for hosts that are not served here. */
function refusingServer(context: Context, name: string, listener: Listener, healthByHttp: boolean): Built {
  const head = [
    ...listens(context, listener, true),
    ...http2(context, [listener]),
    directive('server_name', '_'),
  ];
  if (listener.tls && healthByHttp && context.has('1.19.4')) {
    return block(
      'server',
      [],
      groups(
        head,
        [
          comment(
            'No certificate is shown to those who ask for no host, or for one that is not served here.',
          ),
          directive('ssl_reject_handshake', 'on'),
          ...listenerCertificate(context, name, listener).slice(2),
        ],
        speaksHttp2(listener) ? [misdirected()] : [],
      ),
    );
  }
  return block(
    'server',
    [],
    groups(
      head,
      listenerCertificate(context, name, listener),
      realAddress([listener]),
      [healthLocation(context.balancer)],
      challengeLocations(context, [listener]),
      [refusal()],
    ),
  );
}

function listenerCertificate(context: Context, name: string, { tls }: Listener): BuiltStatement[] {
  if (!tls) return [];
  const path = ['listeners', name, 'tls'];
  return serverCertificate(context, listenerPair(context, name, tls), tls.profile, 'http', path);
}

/** 444 is NGINX's own: the connection is closed without an answer. */
function refusal(): Built {
  return block('location', ['/'], [comment('Not a host that is served here.'), directive('return', 444)]);
}

/** Requests for other hosts come without a handshake where a client shares a connection among several. */
function misdirected(): Built {
  return block(
    'location',
    ['/'],
    [comment('Ask again on a connection of its own, which is rejected.'), directive('return', 421)],
  );
}

/** Sends the hosts of the target listener there; other hosts are refused unless a route takes them all. */
function redirectServers(context: Context, name: string, listener: Listener): Built[] {
  const { balancer, layout } = context;
  const { to, status } = listener.redirect!;
  const target = balancer.listeners[to]!;
  const routes = balancer.routes.filter((route) => listenersOf(route, balancer).includes(to));
  const hosts = [...new Set(routes.flatMap(({ host }) => host ?? []).map((host) => host.toLowerCase()))];
  const scheme = context.ended.has(target.port) ? 'https' : protocolOf(target);
  const port = boundPort(layout, target.port);
  const suffix = port === (scheme === 'https' ? 443 : 80) ? '' : `:${port}`;
  const redirect = directive('return', status, `${scheme}://$host${suffix}$request_uri`);
  const anyHost = routes.some(({ host }) => !host);
  const certificate = listenerCertificate(context, name, listener);
  const challenges = challengeLocations(context, [listener]);
  const head = (names: readonly string[], isDefault: boolean) =>
    groups(
      [
        ...listens(context, listener, isDefault),
        ...http2(context, [listener]),
        directive('server_name', ...names),
      ],
      certificate,
      realAddress([listener]),
    );
  const fallback = block(
    'server',
    [],
    groups(head(['_'], true), [healthLocation(balancer)], challenges, [
      anyHost ? block('location', ['/'], [redirect]) : refusal(),
    ]),
  );
  if (anyHost || hosts.length === 0) return [fallback];
  return [
    fallback,
    block(
      'server',
      [],
      groups(head(hosts, false), challenges, [
        comment(`Listener ${name} leads to ${to}.`),
        // outside of a location it would come before those of challenges
        challenges.length > 0 ? block('location', ['/'], [redirect]) : redirect,
      ]),
    ),
  ];
}
