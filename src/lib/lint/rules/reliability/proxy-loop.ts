import { parseAddress } from '../../../nginx/check/address.ts';
import { Context } from '../../../nginx/directives/contexts.ts';
import type { Block, Item, Model } from '../../model.ts';
import type { Rule } from '../../rule.ts';
import type { Upstream } from '../../upstreams.ts';
import { isLocal, type ServerAddress, serverAddress } from '../../servers.ts';

/** Nobody nests locations deeper than this in earnest. */
const DEEP = 64;

/** A server that listens somewhere. */
interface Listener {
  readonly server: Block;
  readonly host: string;
  readonly tls: boolean;
  readonly udp: boolean;
  readonly item: Item;
}

export const proxyLoop: Rule = {
  id: 'reliability/proxy-loop',
  severity: 'warning',
  summary: 'a server passes requests on to itself',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    // another server that listens there may stand in a file that is not known
    if (!model.whole) return;
    const listeners = listenersOf(model);
    const local = new Map<Upstream, ServerAddress[]>();
    const localServers = (upstream: Upstream): ServerAddress[] => {
      let found = local.get(upstream);
      if (!found) {
        const all = upstream.servers.flatMap((one) => serverAddress(one) ?? []);
        local.set(upstream, (found = all.filter(isLocal)));
      }
      return found;
    };
    for (const { pass, destinations } of model.routes) {
      const server = serverOf(pass);
      if (!server || !/^(?:proxy|grpc)_pass$/u.test(pass.directive.name)) continue;
      const stream = server.context === Context.streamServer;
      if (!stream && !keepsPath(pass)) continue;
      for (const { scheme, address, upstream } of destinations) {
        const tls = scheme.endsWith('s');
        const targets = upstream ? localServers(upstream) : [address];
        const own = targets.map((one) => one && listenerAt(listeners, one, server, tls)).find(Boolean);
        if (!own) continue;
        report(
          pass,
          `${stream ? 'connections' : 'requests'} go round in circles: this server listens there itself`,
          {
            word: pass.directive.words[1],
            hint: 'each round takes a connection, until none is left; write the port of the server behind',
            related: { message: 'where it listens', item: own.item },
          },
        );
        break;
      }
    }
  },
};

/** The server around a directive, where nothing but the place of the request leads to it. */
function serverOf({ block }: Item): Block | undefined {
  let one: Block | undefined = block;
  for (let depth = 0; one?.context === Context.location && depth < DEEP; depth++) {
    // requests come to a named location, and to one of internal redirects, from others that may not come twice
    const first = one.directive?.words[1]?.value ?? '';
    if (first.startsWith('@') || one.own('internal').length > 0) return undefined;
    one = one.parent;
  }
  return one?.context === Context.server || one?.context === Context.streamServer ? one : undefined;
}

/** Whether a request comes back with the path it had, so that it takes the same way again. */
function keepsPath({ block, directive }: Item): boolean {
  const value = directive.words[1]?.value ?? '';
  if (!/^(?:\w+:\/\/)?(?:unix:[^:$]+|[^/?$]*)$/iu.test(value)) return false;
  for (let one: Block | undefined = block; one; one = one.parent)
    if (['rewrite', 'if', 'return'].some((name) => one!.own(name).length > 0)) return false;
  return block.own('limit_except').length === 0;
}

function listenersOf(model: Model): Map<string, Listener[]> {
  const found = new Map<string, Listener[]>();
  const add = (key: string, listener: Listener): void => {
    const same = found.get(key);
    if (same) same.push(listener);
    else found.set(key, [listener]);
  };
  for (const item of model.named('server')) {
    const { inner } = item;
    if (inner?.context !== Context.server || inner.own('listen').length > 0) continue;
    // a server that does not say where listens on port 80
    const listener = { server: inner, host: '0.0.0.0', tls: false, udp: false, item };
    add('80', listener);
  }
  for (const item of model.named('listen')) {
    const [, word, ...parameters] = item.directive.words;
    const address = parseAddress(word?.value ?? '', { listen: true });
    if ('problem' in address) continue;
    const { family, host, port = 80, lastPort = port } = address;
    const has = (text: string): boolean => parameters.some(({ value }) => value === text);
    // what such a server reads is not what is sent here
    if (has('proxy_protocol') || lastPort !== port) continue;
    const key = family === 'unix' ? `unix:${host}` : String(port);
    add(key, { server: item.block, host, tls: has('ssl'), udp: has('udp'), item });
  }
  return found;
}

/** The listener of a server that a connection to an address of this machine comes to, where no other server is there. */
function listenerAt(
  listeners: ReadonlyMap<string, readonly Listener[]>,
  address: ServerAddress,
  server: Block,
  tls: boolean,
): Listener | undefined {
  if (!isLocal(address)) return undefined;
  const { family, port = tls ? 443 : 80, host } = address;
  const all = listeners.get(family === 'unix' ? `unix:${host}` : String(port)) ?? [];
  const wanted = family === 'name' ? '127.0.0.1' : host;
  const exact = all.filter((one) => one.host === wanted);
  const any = family === 'inet6' ? '0:0:0:0:0:0:0:0' : '0.0.0.0';
  const reached = exact.length > 0 ? exact : all.filter((one) => one.host === any);
  const udp =
    server.context === Context.streamServer &&
    server.own('listen').some(({ directive }) => directive.words.some(({ value }) => value === 'udp'));
  return reached.length > 0 &&
    reached.every((one) => one.server === server && one.tls === tls && one.udp === udp)
    ? reached[0]
    : undefined;
}
