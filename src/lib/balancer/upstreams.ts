import { atLeast } from '../nginx/version.ts';
import { protocolOf } from './protocol.ts';
import type { Balancer, Path, Upstream } from './schema/balancer.ts';

/** Options that mean something only where an upstream serves the path. */
export const UPSTREAM_ONLY = [
  'when',
  'websocket',
  'mirror',
  'timeout',
  'retries',
  'buffering',
  'request_headers',
  'cache',
] as const;

/** Names of the upstreams that may serve a path, the usual one first. */
export function upstreamsOf({ upstream, split, when }: Path): string[] {
  return [
    ...(upstream === undefined ? [] : [upstream]),
    ...Object.keys(split?.upstreams ?? {}),
    ...(when ?? []).map((condition) => condition.upstream),
  ];
}

/** Names of the upstreams that requests of the routes can reach: also by mirrors and authentication. */
export function routedUpstreams({ routes }: Balancer): ReadonlySet<string> {
  const asked = routes.flatMap((route) => {
    const paths = Object.values(route.paths);
    const questions = [route, ...paths].flatMap(({ auth }) =>
      auth && auth.request ? [auth.request.upstream] : [],
    );
    return [
      ...questions,
      ...paths.flatMap((path) => [...upstreamsOf(path), ...(path.mirror ? [path.mirror.upstream] : [])]),
    ];
  });
  return new Set(asked);
}

/** Whether an upstream takes nothing but datagrams, to which silence is no answer. */
export function takesDatagramsAlone(balancer: Balancer, name: string): boolean {
  const listeners = Object.values(balancer.listeners).filter(({ upstream }) => upstream === name);
  return (
    !routedUpstreams(balancer).has(name) &&
    listeners.length > 0 &&
    listeners.every((listener) => protocolOf(listener) === 'udp')
  );
}

/** Whether the target has the `sticky` directive; older ones get a consistent hash of a cookie. */
export function hasNativeSticky({ version, plus }: Balancer['nginx']): boolean {
  return plus || atLeast(version, '1.29.6');
}

/**
 * Name that the servers of an upstream must prove: as said, or the host name that all of them share. Undefined for
 * servers that are addresses. The name of the request would not do, as connections are kept open and shared.
 */
export function tlsName({ tls, servers }: Upstream): string | undefined {
  if (tls === false) return undefined;
  const hosts = new Set(servers.map(({ address }) => address.replace(/:\d+$/u, '')));
  const [host] = hosts;
  const isName =
    hosts.size === 1 &&
    host !== undefined &&
    !host.startsWith('unix:') &&
    /[A-Za-z]/u.test(host) &&
    !host.startsWith('[');
  return tls.name ?? (isName ? host : undefined);
}
