import { managedCertificates } from '../balancer/certificates.ts';
import { isHttp, listenersOf, protocolOf } from '../balancer/protocol.ts';
import type { Balancer, Listener } from '../balancer/schema/balancer.ts';
import { atLeast } from '../nginx/version.ts';
import { behindBalancer } from './behind.ts';
import type { Socket } from './tree.ts';

/**
 * What a node looks at once a release serves, a line each: the mark of the release, the API of NGINX Plus, the listeners,
 * the servers behind, which the script of the node reads, and pools, redirects and sockets, for who plans it or what
 * comes after it.
 * @param drained servers that are marked down as they are drained, each as `UPSTREAM/ADDRESS`.
 */
export function manifestOf(
  given: Balancer,
  sockets: readonly Socket[],
  drained: readonly string[] = [],
): string {
  const balancer = behindBalancer(given);
  const lines = [
    ...sockets.flatMap((socket) => socketLines(balancer, socket)),
    ...serverLines(balancer, new Set(drained)),
    ...managedCertificates(balancer).map(({ name, hosts }) => `certificate ${name} ${hosts[0]}`),
    ...Object.entries(balancer.upstreams).map(
      ([name, { health }]) =>
        `pool ${name} max_fails=${health.max_fails} fail_timeout=${health.fail_timeout}`,
    ),
    ...Object.entries(balancer.listeners).flatMap(([name, { redirect }]) =>
      redirect ? [`redirect ${name} ${redirect.to} ${redirect.status}`] : [],
    ),
    ...sockets.map(
      ({ listener, transport, address, port, configuredPort }) =>
        `socket ${listener} ${transport} ${address} ${port} ${configuredPort}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** The sockets of a release, by its manifest. */
export function socketsIn(manifest: string): Socket[] {
  return [...manifest.matchAll(/^socket (\S+) (tcp|udp) (\S+) (\d+) (\d+)$/gmu)].map(
    ([, listener = '', transport, address = '', port, configuredPort]) => ({
      listener,
      transport: transport === 'udp' ? 'udp' : 'tcp',
      address,
      port: Number(port),
      configuredPort: Number(configuredPort),
    }),
  );
}

/** What a release hands requests to or leads elsewhere, and the certificates that nodes get for it; a line each. */
export function contentsIn(manifest: string): string[] {
  const pools = new Map<string, string[]>();
  for (const [, pool = '', address = '', port] of manifest.matchAll(/^server (\S+) (\S+) (\d+)/gmu))
    pools.set(pool, [...(pools.get(pool) ?? []), `${address}:${port}`]);
  const limits = new Map(
    [...manifest.matchAll(/^pool (\S+) (.+)$/gmu)].map(([, pool = '', rest = '']) => [pool, ` (${rest})`]),
  );
  const certificates = [...manifest.matchAll(/^certificate (\S+) (\S+)$/gmu)];
  const redirects = [...manifest.matchAll(/^redirect (\S+) (\S+) (\d+)$/gmu)];
  return [
    ...redirects.map(([, from, to, status]) => `${from} leads to ${to} (${status})`),
    ...[...pools].map(([pool, servers]) => `${pool}: ${servers.join(', ')}${limits.get(pool) ?? ''}`),
    ...certificates.map(
      ([, name, host]) => `certificate ${name} for ${host}, which each node gets for itself`,
    ),
  ];
}

function socketLines(balancer: Balancer, { listener: name, transport, address, port }: Socket): string[] {
  const here =
    { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[address] ?? (address.includes(':') ? `[${address}]` : address);
  if (name === 'metrics')
    return [`mark ${here} ${port}`, ...(balancer.nginx.plus ? [`api ${here} ${port}`] : [])];
  if (transport === 'udp') return [];
  const listener = balancer.listeners[name]!;
  const way = answersHealth(balancer, name, listener) ? protocolOf(listener) : 'tcp';
  const proxy = listener.proxy_protocol ? ' proxy' : '';
  return [`listener ${way} ${here} ${port} 200 ${balancer.health.path}${proxy}`];
}

/** Whether the health path is served to those who name no host. */
function answersHealth(balancer: Balancer, name: string, listener: Listener): boolean {
  if (!isHttp(listener)) return false;
  if (listener.redirect || !listener.tls) return true;
  const open = balancer.routes.some((route) => !route.host && listenersOf(route, balancer).includes(name));
  // without a host there is no certificate either, where plain http answers in its place
  const plain = Object.values(balancer.listeners).some((other) => protocolOf(other) === 'http');
  return open || !plain || !atLeast(balancer.nginx.version, '1.19.4');
}

function serverLines({ upstreams, listeners }: Balancer, drained: ReadonlySet<string>): string[] {
  const datagrams = new Set(
    Object.values(listeners).flatMap((listener) =>
      protocolOf(listener) === 'udp' && listener.upstream !== undefined ? [listener.upstream] : [],
    ),
  );
  return Object.entries(upstreams).flatMap(([name, { servers }]) =>
    servers.flatMap(({ address, down }) => {
      const [, host, port = '80'] = /^(\[.*\]|[^:]+)(?::(\d+))?$/u.exec(address) ?? [];
      const asked = host !== undefined && !datagrams.has(name);
      if (drained.has(`${name}/${address}`))
        return [`drained ${name} ${address}${asked ? ` ${host} ${port}` : ''}`];
      return down || !asked ? [] : [`server ${name} ${host} ${port}`];
    }),
  );
}
