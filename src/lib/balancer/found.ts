import type { Balancer } from './schema/balancer.ts';

/** A server that was found for an upstream. */
export interface FoundServer {
  /** With its port, as servers of lb.yaml are written. */
  readonly address: string;
  /** What it is where it was found, such as `web-1`. */
  readonly name: string;
  /** Where that was, such as `Lightsail us-east-1`. */
  readonly source: string;
}

/** Servers by the upstream that discovers them, in the order in which NGINX gets them. */
export type Found = Readonly<Record<string, readonly FoundServer[]>>;

/** The balancer with the servers that were found; those that lb.yaml names stay. */
export function withFound(balancer: Balancer, found: Found): Balancer {
  const upstreams = Object.entries(balancer.upstreams).map(([name, upstream]) => {
    const servers = found[name]?.map(({ address }) => ({ address, weight: 1 }));
    return [name, servers ? { ...upstream, servers } : upstream] as const;
  });
  return { ...balancer, upstreams: Object.fromEntries(upstreams) };
}

/** The balancer without servers that were found: what lb.yaml itself says. */
export function asWritten(balancer: Balancer): Balancer {
  const upstreams = Object.entries(balancer.upstreams).map(([name, upstream]) => [
    name,
    upstream.discover ? { ...upstream, servers: [] } : upstream,
  ]);
  return { ...balancer, upstreams: Object.fromEntries(upstreams) as Balancer['upstreams'] };
}

/** Addresses that are kept for documents (RFC 5737), and lead nowhere. */
const NOWHERE = ['192.0.2.1', '192.0.2.2'];

/** The balancer with servers that do not exist where others would be found, for those who only read what is rendered. */
export function withPlaceholders(balancer: Balancer): Balancer {
  const found = Object.entries(balancer.upstreams).flatMap(([name, { discover }]) =>
    discover
      ? [[name, NOWHERE.map((host) => ({ address: `${host}:${discover.port}`, name: host, source: 'none' }))]]
      : [],
  );
  return withFound(balancer, Object.fromEntries(found) as Found);
}
