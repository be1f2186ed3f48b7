import { listenersOf, speaksHttp2 } from '../balancer/protocol.ts';
import type { Balancer, Listener, Route } from '../balancer/schema/balancer.ts';
import { block, type Built, type BuiltStatement, directive, from, groups } from '../nginx/build.ts';
import { challengeLocations } from './challenges.ts';
import type { Context } from './context.ts';
import { plainDestination } from './destination.ts';
import { standardHeaders } from './headers.ts';
import { mirrorLocation, renderLocation } from './locations.ts';
import { accessPolicies, answerHeaders, authLocation, bodySize, caching, proxyPolicies } from './policies.ts';
import { listens } from './sockets.ts';
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

/** HTTP/2 where one of the listeners speaks it; before NGINX 1.25.1 that stands in `listen`. */
export function http2(context: Context, listeners: readonly Listener[]): Built[] {
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
export function healthLocation({ health }: Balancer): Built {
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
