import { parseAddress } from '../nginx/check/address.ts';
import { Context, scopeOf } from '../nginx/directives/contexts.ts';
import type { Version } from '../nginx/version.ts';
import { atLeast } from '../nginx/version.ts';
import type { Block, Item, Model } from './model.ts';

/** A socket of a server, by its `listen`. */
export interface Listen {
  /** The directive; the server itself where it has none, and NGINX takes port 80. */
  readonly item: Item;
  readonly server: Block;
  /** The words behind the address. */
  readonly parameters: ReadonlySet<string>;
}

/** An address to listen on, with all servers that share it. */
export interface Socket {
  /** The address as NGINX shows it, such as `0.0.0.0:443`. */
  readonly name: string;
  readonly port: number | undefined;
  readonly stream: boolean;
  /** In their order. */
  readonly listens: readonly Listen[];
  /** The one that is asked while the name of the server is not known. */
  readonly default: Listen;
  /** Whether a `listen` says that connections are TLS; one that says so says it for all that share the socket. */
  readonly ssl: boolean;
  /** Whether the directive `ssl`, which 1.25.1 refuses, says it. */
  readonly sslOn: boolean;
}

/** The sockets of http and stream. */
interface Sockets {
  readonly all: readonly Socket[];
  /** Those of one server. */
  of(server: Block): readonly Socket[];
}

const known = new WeakMap<Model, Sockets>();

/** Which servers share which sockets; made once for a configuration. */
export function socketsOf(model: Model): Sockets {
  let sockets = known.get(model);
  if (!sockets) known.set(model, (sockets = collect(model)));
  return sockets;
}

function collect(model: Model): Sockets {
  const found = new Map<string, { -readonly [K in keyof Socket]: Socket[K] } & { listens: Listen[] }>();
  const byServer = new Map<Block, Set<Socket>>();
  for (const server of model.blocks) {
    if (server.context !== Context.server && server.context !== Context.streamServer) continue;
    const stream = scopeOf(server.context) === 'stream';
    const mine = new Set<Socket>();
    byServer.set(server, mine);
    const own = server.own('listen');
    for (const item of own.length > 0 || stream || !server.item ? own : [server.item]) {
      const { words } = item.directive;
      const address = item.directive.name === 'listen' ? words[1]?.value : '80';
      if (address === undefined) continue;
      const parameters = new Set(item === server.item ? [] : words.slice(2).map(({ value }) => value));
      const { name, port } = nameOf(address, parameters.has('quic') || parameters.has('udp'));
      const listen = { item, server, parameters };
      const key = `${stream ? 'stream ' : ''}${name}`;
      let socket = found.get(key);
      if (!socket)
        found.set(
          key,
          (socket = { name, port, stream, listens: [], default: listen, ssl: false, sslOn: false }),
        );
      socket.listens.push(listen);
      socket.ssl ||= parameters.has('ssl') || parameters.has('quic');
      socket.sslOn ||= server.effective('ssl')[0]?.directive.words[1]?.value.toLowerCase() === 'on';
      if (parameters.has('default_server') || parameters.has('default')) socket.default = listen;
      mine.add(socket);
    }
  }
  return { all: [...found.values()], of: (server) => [...(byServer.get(server) ?? [])] };
}

function nameOf(text: string, udp: boolean): { readonly name: string; readonly port: number | undefined } {
  const address = parseAddress(text, { listen: true });
  const end = udp ? ' (UDP)' : '';
  if ('problem' in address || address.family === 'unix') return { name: text + end, port: undefined };
  const port = address.port ?? 80;
  // sockets of a range are shared by those who name the same range
  const ports =
    address.lastPort === undefined || address.lastPort === port ? port : `${port}-${address.lastPort}`;
  const host = address.family === 'inet6' ? `[${address.host}]` : address.host;
  return { name: `${host}:${ports}${end}`, port };
}

/** Whether connections to a socket are TLS. */
export function isTls(socket: Socket, version: Version): boolean {
  return socket.ssl || (socket.sslOn && !atLeast(version, '1.25.1'));
}

/** Whether some of the sockets of a server are TLS. */
export function hasTls(model: Model, server: Block, version: Version): boolean {
  return socketsOf(model)
    .of(server)
    .some((socket) => isTls(socket, version));
}
