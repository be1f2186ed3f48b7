import { listenersOf, protocolOf, speaksHttp2 } from '../balancer/protocol.ts';
import type { Listener } from '../balancer/schema/balancer.ts';
import { block, type Built, type BuiltStatement, comment, directive, from, groups } from '../nginx/build.ts';
import { challengeLocations } from './challenges.ts';
import type { Context } from './context.ts';
import { healthLocation, http2, realAddress } from './servers.ts';
import { boundPort, listens } from './sockets.ts';
import { listenerPair, serverCertificate } from './tls.ts';

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
