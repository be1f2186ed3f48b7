import { parseAddress } from '../nginx/check/address.ts';
import { Context } from '../nginx/directives/contexts.ts';
import type { Block, Item, Model } from './model.ts';

/** One address of a server of http. */
export interface Listener {
  /** The same for all that share a socket. */
  readonly key: string;
  /** As people write it. */
  readonly name: string;
  /** Whether only this machine can reach it. */
  readonly local: boolean;
  readonly tls: boolean;
  /** Whether it is said that unknown names are for this server. */
  readonly isDefault: boolean;
  /** The `listen`; undefined where there is none, and NGINX takes port 80. */
  readonly item: Item | undefined;
}

/** The addresses of a server of http; those that cannot be read are left out. */
export function listenersOf(server: Block): Listener[] {
  const listens = server.own('listen');
  if (listens.length === 0)
    return [{ key: '0.0.0.0:80', name: '*:80', local: false, tls: false, isDefault: false, item: undefined }];
  return listens.flatMap((item) => {
    const [, word, ...parameters] = item.directive.words;
    const socket = word && socketOf(word.value);
    if (!socket) return [];
    const has = (name: string): boolean => parameters.some(({ value }) => value === name);
    return [
      {
        key: has('quic') ? `udp ${socket.key}` : socket.key,
        name: word.value,
        local: socket.local,
        tls: has('ssl') || has('quic'),
        isDefault: has('default_server') || has('default'),
        item,
      },
    ];
  });
}

function socketOf(text: string): { readonly key: string; readonly local: boolean } | undefined {
  // what most servers say
  if (/^(?:80|443)$/u.test(text)) return { key: `0.0.0.0:${text}`, local: false };
  const address = parseAddress(text, { listen: true });
  if ('problem' in address) return undefined;
  const { family, host, port = 80, lastPort = port } = address;
  if (family === 'unix') return { key: `unix:${host}`, local: true };
  const ports = port === lastPort ? String(port) : `${port}-${lastPort}`;
  return {
    key: `${family === 'inet6' ? `[${host}]` : host}:${ports}`,
    local: /^(?:127\.|localhost$|(?:0:){7}1$)/u.test(host),
  };
}

/** Whether only this machine can reach a server. */
export function isLocal(server: Block): boolean {
  const listeners = listenersOf(server);
  return listeners.length > 0 && listeners.every(({ local }) => local);
}

/** A server on one of its sockets. */
interface Listening {
  readonly server: Block;
  readonly listener: Listener;
}

/** The servers of http by the sockets they share, in their order. */
export function socketsOf(model: Model): Listening[][] {
  const sockets = new Map<string, Listening[]>();
  for (const server of model.blocks) {
    if (server.context !== Context.server) continue;
    for (const listener of listenersOf(server)) {
      const known = sockets.get(listener.key);
      if (!known) sockets.set(listener.key, [{ server, listener }]);
      else if (known.at(-1)!.server !== server) known.push({ server, listener });
    }
  }
  return [...sockets.values()];
}

/** The server that gets the names that none has: the one that says so, or the first. */
export function firstOf(listeners: readonly Listening[]): Listening {
  return listeners.find(({ listener }) => listener.isDefault) ?? listeners[0]!;
}
