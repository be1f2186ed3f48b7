import type { Fault } from '../fault.ts';
import { isHttp, type Protocol, protocolOf } from '../protocol.ts';
import type { Balancer, Listener } from '../schema/balancer.ts';
import { certificateFaultsOf } from './certificates.ts';
import { undefinedName } from './references.ts';

/** Keys that only some protocols have. */
const BELONGS: Readonly<Partial<Record<keyof Listener, readonly Protocol[]>>> = {
  tls: ['https', 'tcp'],
  http2: ['http', 'https'],
  redirect: ['http', 'https'],
  proxy_protocol: ['http', 'https', 'tcp', 'tls_passthrough'],
  upstream: ['tcp', 'udp'],
  sni: ['tls_passthrough'],
  timeout: ['tcp', 'udp', 'tls_passthrough'],
  connect_timeout: ['tcp', 'udp', 'tls_passthrough'],
  send_proxy_protocol: ['tcp', 'tls_passthrough'],
  responses: ['udp'],
  allow: ['tcp', 'udp', 'tls_passthrough'],
  deny: ['tcp', 'udp', 'tls_passthrough'],
  connection_limit: ['tcp', 'udp', 'tls_passthrough'],
  snippet: ['tcp', 'udp', 'tls_passthrough'],
};

const NEEDS: Readonly<Partial<Record<Protocol, keyof Listener>>> = {
  https: 'tls',
  tcp: 'upstream',
  udp: 'upstream',
  tls_passthrough: 'sni',
};

/** Faults of the listeners: keys that do not belong together, ports used twice, redirects that lead nowhere. */
export function listenerChecks(balancer: Balancer): Fault[] {
  const listeners = Object.entries(balancer.listeners);
  if (listeners.length === 0) {
    return [
      {
        path: ['listeners'],
        message: 'there is no listener',
        hint: 'add one, such as http: { port: 80 }',
        lacks: ['listeners'],
      },
    ];
  }
  return [
    ...listeners.flatMap(([name, listener]) => oneListener(balancer, name, listener)),
    ...sharedPorts(balancer),
  ];
}

function oneListener(balancer: Balancer, name: string, listener: Listener): Fault[] {
  const at = ['listeners', name];
  const protocol = protocolOf(listener);
  const faults: Fault[] = [];
  for (const [key, protocols] of Object.entries(BELONGS) as [keyof Listener, readonly Protocol[]][]) {
    if (listener[key] === undefined || protocols.includes(protocol)) continue;
    const message = `${key} does not go with protocol ${protocol}; it belongs to ${protocols.join(', ')}`;
    faults.push({ path: [...at, key], part: 'key', message });
  }
  const needed = NEEDS[protocol];
  if (needed && listener[needed] === undefined) {
    faults.push({
      path: at,
      part: 'key',
      message: `a listener of protocol ${protocol} needs ${needed}`,
      lacks: at,
    });
  }
  if (listener.upstream !== undefined)
    faults.push(...undefinedName(balancer, 'upstreams', listener.upstream, [...at, 'upstream']));
  for (const [host, upstream] of Object.entries(listener.sni ?? {})) {
    faults.push(...undefinedName(balancer, 'upstreams', upstream, [...at, 'sni', host]));
  }
  if (listener.address !== undefined && listener.ipv6) {
    faults.push({
      path: [...at, 'ipv6'],
      message: 'ipv6 listens on all IPv6 addresses, which does not go with address',
    });
  }
  return [...faults, ...redirectFaults(balancer, name, listener), ...certificateFaultsOf(balancer, name)];
}

function redirectFaults(balancer: Balancer, name: string, { redirect }: Listener): Fault[] {
  if (!redirect) return [];
  const path = ['listeners', name, 'redirect'];
  const unknown = undefinedName(balancer, 'listeners', redirect.to, path);
  if (unknown.length > 0) return unknown;
  const target = balancer.listeners[redirect.to]!;
  if (redirect.to === name) return [{ path, message: 'the listener redirects to itself' }];
  if (!isHttp(target))
    return [
      { path, message: `${redirect.to} speaks ${protocolOf(target)}; a redirect leads to http or https` },
    ];
  if (target.redirect)
    return [{ path, message: `${redirect.to} redirects too; name the listener that serves the routes` }];
  return [];
}

interface Socket {
  readonly owner: string;
  readonly path: readonly string[];
  readonly key: string;
  readonly addresses: readonly string[];
}

function sharedPorts(balancer: Balancer): Fault[] {
  const sockets: Socket[] = Object.entries(balancer.listeners).map(([name, listener]) => ({
    owner: `listener ${name}`,
    path: ['listeners', name, 'port'],
    key: `${protocolOf(listener) === 'udp' ? 'udp' : 'tcp'} port ${listener.port}`,
    addresses:
      listener.address === undefined ? ['0.0.0.0', ...(listener.ipv6 ? ['[::]'] : [])] : [listener.address],
  }));
  const { address, port } = balancer.metrics;
  sockets.push({
    owner: 'metrics',
    path: ['metrics', 'port'],
    key: `tcp port ${port}`,
    addresses: [address],
  });
  return sockets.flatMap((socket, index) => {
    const other = sockets
      .slice(0, index)
      .find((earlier) => earlier.key === socket.key && overlap(earlier.addresses, socket.addresses));
    if (!other) return [];
    const message = `${socket.key} is used twice: by ${other.owner} and by ${socket.owner}`;
    // metrics.port may be the default; then the listener is what the user wrote
    const path = socket.owner === 'metrics' ? other.path : socket.path;
    return [
      {
        path,
        message,
        hint: socket.owner === 'metrics' ? 'set metrics: { port: … } to another port' : undefined,
      },
    ];
  });
}

function overlap(a: readonly string[], b: readonly string[]): boolean {
  const all = (address: string) => (address.startsWith('[') ? '[::]' : '0.0.0.0');
  return a.some((one) => b.some((other) => one === other || one === all(other) || other === all(one)));
}
