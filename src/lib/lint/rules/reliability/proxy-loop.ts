import { Context } from '../../../nginx/directives/contexts.ts';
import type { Block, Item, Model } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import type { Upstream } from '../../model/network/upstreams.ts';
import { isLocal, type ReadAddress } from '../../model/network/addresses.ts';
import { serverAddress } from '../../model/network/upstream-servers.ts';
import { type Socket, Sockets } from '../../model/network/sockets.ts';

/** Nobody nests locations deeper than this in earnest. */
const DEEP = 64;

export const proxyLoop: Rule = {
  id: 'reliability/proxy-loop',
  severity: 'warning',
  summary: 'a server passes requests on to itself',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    // another server that listens there may stand in a file that is not known
    if (!model.whole) return;
    const sockets = socketsOf(model);
    const local = new Map<Upstream, ReadAddress[]>();
    const localServers = (upstream: Upstream): ReadAddress[] => {
      let found = local.get(upstream);
      if (!found) {
        const all = upstream.servers.flatMap((one) => serverAddress(one) ?? []);
        local.set(upstream, (found = all.filter(isLocal)));
      }
      return found;
    };
    for (const { pass, destinations } of model.routes) {
      const server = serverLeadingTo(pass);
      if (!server || !/^(?:proxy|grpc)_pass$/u.test(pass.directive.name)) continue;
      const stream = server.context === Context.streamServer;
      if (!stream && !keepsPath(pass)) continue;
      for (const { scheme, address, upstream } of destinations) {
        const tls = scheme.endsWith('s');
        const targets = upstream ? localServers(upstream) : [address];
        const own = targets.map((one) => one && listenAt(sockets, one, server, tls)).find(Boolean);
        if (!own) continue;
        report(
          pass,
          `${stream ? 'connections' : 'requests'} go round in circles: this server listens there itself`,
          {
            word: pass.directive.words[1],
            hint: 'each round takes a connection, until none is left; write the port of the server behind',
            related: { message: 'where it listens', item: own },
          },
        );
        break;
      }
    }
  },
};

/** The server around a directive, where nothing but the path of the request leads to it. */
function serverLeadingTo({ block }: Item): Block | undefined {
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

/** Sockets by their port or path; those that expect a PROXY protocol read something else than what is sent here. */
function socketsOf(model: Model): Map<string, Socket[]> {
  const found = new Map<string, Socket[]>();
  for (const socket of Sockets.of(model).all) {
    const { address, port, proxyProtocol } = socket;
    if (!address || proxyProtocol || (address.lastPort ?? port) !== port) continue;
    const key = port === undefined ? `unix:${address.host}` : String(port);
    const same = found.get(key);
    if (same) same.push(socket);
    else found.set(key, [socket]);
  }
  return found;
}

/** The `listen` of a server that a connection to an address of this machine comes to, where no other server is there. */
function listenAt(
  sockets: ReadonlyMap<string, readonly Socket[]>,
  address: ReadAddress,
  server: Block,
  tls: boolean,
): Item | undefined {
  if (!isLocal(address)) return undefined;
  const { family, port = tls ? 443 : 80, host } = address;
  const all = sockets.get(family === 'unix' ? `unix:${host}` : String(port)) ?? [];
  const wanted = family === 'name' ? '127.0.0.1' : host;
  const exact = all.filter((one) => one.address?.host === wanted);
  const any = family === 'inet6' ? '0:0:0:0:0:0:0:0' : '0.0.0.0';
  const reached = exact.length > 0 ? exact : all.filter((one) => one.address?.host === any);
  const udp =
    server.context === Context.streamServer &&
    server.own('listen').some(({ directive }) => directive.words.some(({ value }) => value === 'udp'));
  const isOwn = ({ listeners, ssl, udp: isUdp }: Socket): boolean =>
    ssl === tls && isUdp === udp && listeners.every((one) => one.server === server);
  return reached.every(isOwn) ? reached[0]?.listeners[0]?.item : undefined;
}
