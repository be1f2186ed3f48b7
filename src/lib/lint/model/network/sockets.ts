import { Context, scopeOf } from '../../../nginx/directives/contexts.ts';
import { atLeast, type Version } from '../../../nginx/version.ts';
import { isLocal, type ReadAddress, readAddress } from './addresses.ts';
import { isOn } from '../flags.ts';
import type { Block, Item, Model } from '../model.ts';

/** An address that NGINX listens on. Servers that name the same one share its socket, and what it is told to be. */
export interface Socket {
  /** The address as NGINX shows it, such as `0.0.0.0:443`. */
  readonly name: string;
  /** Undefined where it cannot be read. */
  readonly address: ReadAddress | undefined;
  readonly stream: boolean;
  /** Undefined for unix sockets, and where the address cannot be read. */
  readonly port: number | undefined;
  /** Whether only this machine reaches it: a loopback address or a unix socket. */
  readonly local: boolean;
  /** UDP, or QUIC. */
  readonly udp: boolean;
  readonly listeners: readonly Listener[];
  /** Who says that connections start with a PROXY protocol header: one `listen` is enough. */
  readonly proxyProtocol: Listener | undefined;
  /** The one that is asked while the name of the server is not known: the first, unless another says so. */
  readonly default: Listener;
  /** Whether somebody says that it is the default. */
  readonly hasDefault: boolean;
  /** Whether a `listen` says that connections are TLS; one that says so says it for all that share the socket. */
  readonly ssl: boolean;
  /** Whether the directive `ssl`, which 1.25.1 refuses, says it. */
  readonly sslOn: boolean;
}

/** A server at a socket. */
export interface Listener {
  /** Its `listen`; the server itself where there is none. */
  readonly item: Item;
  readonly server: Block;
  readonly socket: Socket;
  /** Its own parameters: `ssl`, `so_keepalive=on`… */
  readonly parameters: readonly string[];
  /** Whether it says that it is the default of the socket. */
  readonly isDefault: boolean;
}

interface Making extends Socket {
  readonly listeners: Listener[];
  proxyProtocol: Listener | undefined;
  default: Listener;
  hasDefault: boolean;
  ssl: boolean;
  sslOn: boolean;
}

const known = new WeakMap<Model, Sockets>();

/** The sockets of http and stream. */
export class Sockets {
  readonly all: readonly Socket[];
  private defaultServers: ReadonlySet<Block> | undefined;
  private readonly byServer = new Map<Block, readonly Listener[]>();

  private constructor(model: Model) {
    const sockets = new Map<string, Making>();
    const listens = new Map<Block, Item[]>();
    for (const item of model.named('listen')) {
      const same = listens.get(item.block);
      if (same) same.push(item);
      else listens.set(item.block, [item]);
    }
    const old = model.named('ssl').length > 0;
    for (const block of model.blocks) {
      const stream = block.context === Context.streamServer;
      if ((!stream && block.context !== Context.server) || !block.item) continue;
      const tls = old && isOn(block, 'ssl');
      // a server of http listens on port 80 where it does not say
      const own = listens.get(block) ?? (stream ? [] : [block.item]);
      this.byServer.set(
        block,
        own.map((item) => add(sockets, block, item, tls)),
      );
    }
    this.all = [...sockets.values()];
  }

  /** Those of a configuration. */
  static of(model: Model): Sockets {
    let sockets = known.get(model);
    if (!sockets) known.set(model, (sockets = new Sockets(model)));
    return sockets;
  }

  /** What a server listens on, in its order. */
  listeners(server: Block): readonly Listener[] {
    return this.byServer.get(server) ?? [];
  }

  /** Servers of http (or of stream), in their order. */
  servers(scope: 'http' | 'stream'): Block[] {
    return [...this.byServer.keys()].filter(({ context }) => scopeOf(context) === scope);
  }

  /** Servers of http that requests come to whatever name they ask for; TCP and QUIC each have their own. */
  get defaults(): ReadonlySet<Block> {
    return (this.defaultServers ??= new Set(
      this.all.filter(({ stream }) => !stream).map((socket) => socket.default.server),
    ));
  }

  /** Whether others than this machine reach a server; what stands outside of servers is for all of them. */
  isPublic({ server }: Block): boolean {
    // of a part that stands in a server, where that listens is not known
    return !server?.item || this.listeners(server).some(({ socket }) => !socket.local);
  }
}

function add(sockets: Map<string, Making>, server: Block, item: Item, tls: boolean): Listener {
  const stream = server.context === Context.streamServer;
  const { words } = item.directive;
  const isListen = item !== server.item;
  const text = (isListen && words[1]?.value) || '80';
  const parameters = isListen ? words.slice(2).map(({ value }) => value) : [];
  const udp = parameters.includes('udp') || parameters.includes('quic');
  const address = readAddress(text, { listen: true });
  const name = `${address ? shown(address) : text}${udp ? UDP : ''}`;
  const key = `${stream ? 'stream' : 'http'} ${name}`;
  let socket = sockets.get(key);
  const listener: { -readonly [K in keyof Listener]: Listener[K] } = {
    item,
    server,
    socket: socket!,
    parameters,
    isDefault: parameters.some((one) => /^default(?:_server)?$/u.test(one)),
  };
  if (!socket) {
    const port = address && address.family !== 'unix' ? (address.port ?? 80) : undefined;
    const place = { name, address, stream, port, local: address !== undefined && isLocal(address), udp };
    const start = { listeners: [], proxyProtocol: undefined, default: listener, hasDefault: false };
    sockets.set(key, (socket = { ...place, ...start, ssl: false, sslOn: false }));
    listener.socket = socket;
  }
  socket.listeners.push(listener);
  if (parameters.includes('proxy_protocol')) socket.proxyProtocol ??= listener;
  if (!socket.hasDefault && listener.isDefault) {
    socket.default = listener;
    socket.hasDefault = true;
  }
  socket.ssl ||= parameters.includes('ssl') || parameters.includes('quic');
  socket.sslOn ||= tls;
  return listener;
}

/** Stands behind addresses of UDP and QUIC, which are apart from those of TCP. */
const UDP = ' (UDP)';

/** An address as NGINX shows it; sockets of a range are shared by those who name the same range. */
function shown({ family, host, port = 80, lastPort = port }: ReadAddress): string {
  if (family === 'unix') return `unix:${host}`;
  const ports = lastPort === port ? String(port) : `${port}-${lastPort}`;
  return `${family === 'inet6' ? `[${host}]` : host}:${ports}`;
}

/** The addresses of a socket, one for each port of a range: of ranges that overlap, some are the same. */
export function addressesOf({ name, address, udp }: Socket): readonly string[] {
  if (!address || address.family === 'unix') return [name];
  const { port = 80, lastPort = port } = address;
  const count = Math.min(lastPort - port + 1, MOST_PORTS);
  return Array.from({ length: count }, (_, index) => {
    const own = port + index;
    return `${shown({ ...address, port: own, lastPort: own })}${udp ? UDP : ''}`;
  });
}

/** So many ports of a range are looked at one by one. */
const MOST_PORTS = 1000;

/** Whether connections to a socket are TLS. */
export function isTls(socket: Socket, version: Version): boolean {
  return socket.ssl || (socket.sslOn && !atLeast(version, '1.25.1'));
}

/** Whether some of the sockets of a server are TLS. */
export function hasTls(model: Model, server: Block, version: Version): boolean {
  return Sockets.of(model)
    .listeners(server)
    .some(({ socket }) => isTls(socket, version));
}

/** Whether the PROXY protocol is taken anywhere; most configurations do without. */
export function hasProxyProtocol(model: Model): boolean {
  return model
    .named('listen')
    .some(({ directive }) => directive.words.some(({ value }) => value === 'proxy_protocol'));
}
