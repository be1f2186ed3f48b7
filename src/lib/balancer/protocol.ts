import type { Balancer, Listener, Route } from './schema/balancer.ts';

export type Protocol = NonNullable<Listener['protocol']>;

/** What a listener speaks: as said, or as its other keys imply. */
export function protocolOf(listener: Listener): Protocol {
  if (listener.protocol) return listener.protocol;
  if (listener.sni) return 'tls_passthrough';
  return listener.tls ? 'https' : 'http';
}

/** Whether routes are served on it, rather than connections handed on. */
export function isHttp(listener: Listener): boolean {
  const protocol = protocolOf(listener);
  return protocol === 'http' || protocol === 'https';
}

/** Whether HTTP/2 is spoken: by default on https alone, and where NGINX has the TLS. */
export function speaksHttp2(listener: Listener): boolean {
  return listener.http2 ?? (protocolOf(listener) === 'https' && !listener.tls?.acm);
}

/** Names of the listeners that serve a route, in the order of lb.yaml; those that redirect serve none. */
export function listenersOf(route: Route, balancer: Balancer): string[] {
  return Object.entries(balancer.listeners)
    .filter(
      ([name, listener]) =>
        isHttp(listener) && !listener.redirect && (route.listeners?.includes(name) ?? true),
    )
    .map(([name]) => name);
}
