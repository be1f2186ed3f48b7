import { ec2Of, isLoopback, networkOf, proxyPortOf } from '../balancer/ec2.ts';
import { protocolOf } from '../balancer/protocol.ts';
import type { Balancer, Listener } from '../balancer/schema/balancer.ts';

/** Where VPCs have their addresses as a rule (RFC 1918 and RFC 6598); nobody but the load balancer comes from there. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/**
 * A balancer as NGINX serves it behind the load balancer that ec2 puts in front: where TLS has ended there it gets
 * plain connections, and where the PROXY protocol is to come, it listens for that, too, at a port of its own.
 */
export function behindBalancer(balancer: Balancer): Balancer {
  if (balancer.provider !== 'ec2') return balancer;
  const ec2 = ec2Of(balancer);
  const plain = Object.fromEntries(
    Object.entries(balancer.listeners).map(([name, listener]) => [name, withoutEndedTls(listener)]),
  );
  if (ec2.proxy_protocol === false) return { ...balancer, listeners: plain };
  const network = networkOf(ec2);
  const trusted = network.kind === 'own' ? [network.cidr] : PRIVATE;
  const second = new Map(
    Object.entries(plain)
      .filter(([, listener]) => getsProxyProtocol(listener, plain))
      .map(([name, listener]) => [
        name,
        { ...listener, port: proxyPortOf(listener.port), proxy_protocol: { trusted } },
      ]),
  );
  return {
    ...balancer,
    listeners: {
      ...plain,
      ...Object.fromEntries([...second].map(([name, listener]) => [twinOf(name), listener])),
    },
    routes: balancer.routes.map((route) =>
      route.listeners
        ? {
            ...route,
            listeners: [
              ...route.listeners,
              ...route.listeners.filter((name) => second.has(name)).map(twinOf),
            ],
          }
        : route,
    ),
  };
}

/** Ports of nodes that get plain connections which clients have made by TLS. */
export function endedPorts(balancer: Balancer): ReadonlySet<number> {
  const ports = Object.values(balancer.listeners)
    .filter(({ tls }) => tls?.acm)
    .map(({ port }) => port);
  const isProxied = balancer.provider === 'ec2' && ec2Of(balancer).proxy_protocol !== false;
  return new Set(ports.flatMap((port) => (isProxied ? [port, proxyPortOf(port)] : [port])));
}

/** No listener of lb.yaml has a dot in its name. */
function twinOf(name: string): string {
  return `${name}.proxy`;
}

function withoutEndedTls(listener: Listener): Listener {
  const { tls, ...rest } = listener;
  if (!tls?.acm) return listener;
  return { ...rest, protocol: protocolOf(listener) === 'tcp' ? 'tcp' : 'http' };
}

/** As the template has it: not what the node alone reaches, and no port that has datagrams. */
function getsProxyProtocol(listener: Listener, all: Readonly<Record<string, Listener>>): boolean {
  if (listener.address !== undefined && isLoopback(listener.address)) return false;
  return !Object.values(all).some((other) => other.port === listener.port && protocolOf(other) === 'udp');
}
