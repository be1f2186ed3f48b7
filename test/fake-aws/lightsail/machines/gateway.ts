import { BlockList, createServer, isIPv6, type Server, type Socket } from 'node:net';
import type { Port } from '../state.ts';

/** A port of a public address that leads somewhere. */
export interface Route {
  readonly address: string;
  readonly port: number;
  /** Who may come, as the firewall has it. */
  readonly cidrs: readonly string[];
  /** Tells routes apart that lead to different places. */
  readonly to: string;
  dial(): Socket;
}

/** What the internet sees: listeners on loopback addresses for what is open, and none for what is closed. */
export interface Gateway {
  set(routes: readonly Route[]): Promise<void>;
}

/** So many ports of a range are opened: whole ranges would take too long, and nothing listens there. */
const WIDEST = 64;

/** Ports of a rule that connections are taken for; the well-known ones of ranges that are too wide. */
export function portsOf({ protocol, fromPort, toPort }: Port): readonly number[] {
  if (protocol !== 'tcp' && protocol !== 'all') return [];
  if (toPort - fromPort < WIDEST)
    return Array.from({ length: toPort - fromPort + 1 }, (_, index) => fromPort + index);
  return [22, 80, 443, 8080, 8443].filter((port) => port >= fromPort && port <= toPort);
}

export function startGateway(): Gateway {
  const open = new Map<string, Server>();
  const key = ({ address, port, cidrs, to }: Route): string => [address, port, to, ...cidrs].join(' ');
  return {
    async set(routes) {
      const wanted = new Map(routes.map((route) => [key(route), route]));
      for (const [name, server] of open) {
        if (wanted.has(name)) continue;
        open.delete(name);
        // connections that are there go on, as through a firewall that keeps their state
        server.close();
        server.unref();
      }
      for (const [name, route] of wanted) if (!open.has(name)) open.set(name, await listen(route));
    },
  };
}

function listen(route: Route): Promise<Server> {
  const allowed = allowList(route.cidrs);
  const server = createServer({ allowHalfOpen: true }, (near) => {
    near.on('error', () => undefined);
    const from = near.remoteAddress ?? '';
    if (!allowed.check(from, isIPv6(from) ? 'ipv6' : 'ipv4')) return void near.resetAndDestroy();
    const far = route.dial();
    far.on('error', () => near.resetAndDestroy());
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    near.pipe(far).pipe(near);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(route.port, route.address, () => resolve(server));
  });
}

function allowList(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', length = '32'] = cidr.split('/');
    list.addSubnet(address, Number(length), 'ipv4');
  }
  return list;
}
