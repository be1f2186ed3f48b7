import { isHttp, protocolOf, speaksHttp2 } from '../balancer/protocol.ts';
import type { Balancer, Listener } from '../balancer/schema/balancer.ts';
import { type Built, directive } from '../nginx/build.ts';
import type { Context } from './context.ts';
import type { Layout } from './layout.ts';
import type { Socket } from './tree.ts';

/** Port that a node binds for a port of lb.yaml. */
export function boundPort({ ports }: Layout, port: number): number {
  return ports.get(port) ?? port;
}

/** The `listen` directives of a listener: one for IPv4 or the address, and one for IPv6 where it is asked for. */
export function listens(context: Context, listener: Listener, defaultServer: boolean): Built[] {
  const protocol = protocolOf(listener);
  const flags = [
    ...(defaultServer ? ['default_server'] : []),
    ...(listener.tls ? ['ssl'] : []),
    ...(protocol === 'udp' ? ['udp'] : []),
    ...(isHttp(listener) && speaksHttp2(listener) && !context.has('1.25.1') ? ['http2'] : []),
    ...(listener.proxy_protocol ? ['proxy_protocol'] : []),
  ];
  const port = boundPort(context.layout, listener.port);
  const first = listener.address === undefined ? String(port) : `${listener.address}:${port}`;
  return [first, ...(listener.ipv6 ? [`[::]:${port}`] : [])].map((socket) =>
    directive('listen', socket, ...flags),
  );
}

/** Every socket that the configuration opens. */
export function socketsOf(balancer: Balancer, layout: Layout): Socket[] {
  const sockets = Object.entries(balancer.listeners).flatMap(([name, listener]): Socket[] => {
    const transport = protocolOf(listener) === 'udp' ? 'udp' : 'tcp';
    const addresses = [listener.address ?? '0.0.0.0', ...(listener.ipv6 ? ['::'] : [])];
    return addresses.map((address) => socket(layout, name, transport, address, listener.port));
  });
  const { address, port } = balancer.metrics;
  return [...sockets, socket(layout, 'metrics', 'tcp', address, port)];
}

function socket(
  layout: Layout,
  listener: string,
  transport: 'tcp' | 'udp',
  address: string,
  port: number,
): Socket {
  return {
    listener,
    transport,
    address: address.replace(/^\[|\]$/gu, ''),
    port: boundPort(layout, port),
    configuredPort: port,
  };
}
