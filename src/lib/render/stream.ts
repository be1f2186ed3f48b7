import { STREAM_DEFAULTS } from '../balancer/defaults.ts';
import { isHttp } from '../balancer/protocol.ts';
import type { Balancer, Listener } from '../balancer/schema/balancer.ts';
import { block, type Built, type BuiltStatement, comment, directive, from, groups } from '../nginx/build.ts';
import type { Context } from './context.ts';
import { streamLogging } from './logging.ts';
import { realAddress } from './servers.ts';
import { listens } from './sockets.ts';
import { parseSnippet } from './snippet.ts';
import { listenerPair, serverCertificate } from './tls.ts';
import { renderUpstream } from './upstreams.ts';

/** Listeners whose connections are handed on. */
function streamListeners({ listeners }: Balancer): [name: string, listener: Listener][] {
  return Object.entries(listeners).filter(([, listener]) => !isHttp(listener));
}

/** Names of the upstreams that stream listeners hand connections to. */
export function streamUpstreams(balancer: Balancer): ReadonlySet<string> {
  const named = streamListeners(balancer).flatMap(([, { upstream, sni }]) => [
    ...(upstream === undefined ? [] : [upstream]),
    ...Object.values(sni ?? {}),
  ]);
  return new Set(named);
}

/** The stream block, or nothing where no listener needs it. */
export function renderStream(context: Context): Built[] {
  const { balancer } = context;
  const listeners = streamListeners(balancer);
  if (listeners.length === 0) return [];
  const upstreams = [...streamUpstreams(balancer)].map((name) =>
    renderUpstream(context, name, balancer.upstreams[name]!, 'stream'),
  );
  return [
    block(
      'stream',
      [],
      groups(
        streamLogging(context),
        parseSnippet(balancer.snippets.stream, ['snippets', 'stream']),
        ...upstreams,
        ...listeners.map(([name, listener]) => streamServer(context, name, listener)),
      ),
    ),
  ];
}

function streamServer(context: Context, name: string, listener: Listener): BuiltStatement[] {
  const id = name.replaceAll('-', '_').replaceAll('.', '_lbctl_');
  const target = listener.sni ? `$sni_${id}` : listener.upstream!;
  const server = block(
    'server',
    [],
    groups(
      listens(context, listener, false),
      listener.tls
        ? serverCertificate(
            context,
            listenerPair(context, name, listener.tls),
            listener.tls.profile,
            'stream',
            ['listeners', name, 'tls'],
          )
        : [],
      realAddressOf(listener),
      access(listener, id),
      [
        ...(listener.sni ? [directive('ssl_preread', 'on')] : []),
        ...(listener.send_proxy_protocol ? [directive('proxy_protocol', 'on')] : []),
        ...(listener.responses === undefined ? [] : [directive('proxy_responses', listener.responses)]),
        directive('proxy_connect_timeout', listener.connect_timeout ?? STREAM_DEFAULTS.connect_timeout),
        directive('proxy_timeout', listener.timeout ?? STREAM_DEFAULTS.timeout),
        ...streamHealthCheck(context, listener),
        directive('proxy_pass', target),
      ],
      parseSnippet(listener.snippet, ['listeners', name, 'snippet']),
    ),
  );
  return from(
    ['listeners', name],
    groups(limitZone(listener, id), listener.sni ? [sniMap(listener.sni, target)] : [], [server]),
  );
}

/** NGINX Plus asks the servers by itself; where the name decides among upstreams, it cannot. */
function streamHealthCheck({ balancer }: Context, { upstream }: Listener): Built[] {
  const active = upstream === undefined ? undefined : balancer.upstreams[upstream]!.health.active;
  return active
    ? [
        directive(
          'health_check',
          `interval=${active.interval}`,
          `fails=${active.fails}`,
          `passes=${active.passes}`,
        ),
      ]
    : [];
}

/** The stream module always reads the PROXY protocol's address; it needs no header named. */
function realAddressOf(listener: Listener): BuiltStatement[] {
  return realAddress([listener]).filter(
    (statement) => statement.kind === 'directive' && statement.name === 'set_real_ip_from',
  );
}

function sniMap(sni: Readonly<Record<string, string>>, variable: string): Built {
  const { '*': fallback, ...hosts } = sni;
  return block(
    'map',
    ['$ssl_preread_server_name', variable],
    [
      directive('hostnames'),
      ...Object.entries(hosts).map(([host, upstream]) => directive(host.toLowerCase(), upstream)),
      ...(fallback === undefined
        ? [comment('Any other name leads nowhere: the connection is closed.')]
        : [directive('default', fallback)]),
    ],
  );
}

function limitZone({ connection_limit: limit }: Listener, id: string): Built[] {
  return limit === undefined
    ? []
    : [directive('limit_conn_zone', '$binary_remote_addr', `zone=connections_${id}:10m`)];
}

function access({ allow, deny, connection_limit: limit }: Listener, id: string): Built[] {
  return [
    ...(deny ?? []).map((range) => directive('deny', range)),
    ...(allow ?? []).map((range) => directive('allow', range)),
    ...(allow ? [directive('deny', 'all')] : []),
    ...(limit === undefined ? [] : [directive('limit_conn', `connections_${id}`, limit)]),
  ];
}
