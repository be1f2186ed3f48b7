import type { Version } from '../../../nginx/version.ts';
import { atLeast } from '../../../nginx/version.ts';
import type { Block, Item, Model } from '../../model/model.ts';
import { isTls, Sockets, type Listener, type Socket } from '../../model/network/sockets.ts';

/** The release that looks for the name in the handshake before it chooses a version of TLS. */
export const NAME_FIRST: Version = '1.29.2';

/** A directive of a server, where the default server of its socket says something else. */
interface Difference {
  readonly item: Item;
  readonly socket: Socket;
  readonly default: Listener;
}

/** What a block has for TLS versions where `ssl_protocols` is not set. */
export function defaultProtocols(version: Version): readonly string[] {
  if (atLeast(version, '1.27.3')) return ['TLSv1.2', 'TLSv1.3'];
  const old = ['TLSv1', 'TLSv1.1', 'TLSv1.2'];
  return atLeast(version, '1.23.4') ? [...old, 'TLSv1.3'] : old;
}

/** Own directives of servers that are not the default one of a TLS socket, and differ from what that one has. */
export function* differingFromDefault(model: Model, name: string, version: Version): Generator<Difference> {
  if (model.named(name).length === 0) return;
  const seen = new Set<Item>();
  for (const socket of Sockets.of(model).all) {
    if (socket.listeners.length < 2 || !isTls(socket, version)) continue;
    const held = valueOf(socket.default.server, name, version);
    for (const { server } of socket.listeners) {
      const [item] = server.own(name);
      if (!item || server === socket.default.server || seen.has(item)) continue;
      if (valueOf(server, name, version) === held) continue;
      seen.add(item);
      yield { item, socket, default: socket.default };
    }
  }
}

function valueOf(server: Block, name: string, version: Version): string {
  const [item] = server.effective(name);
  const values = item?.directive.words.slice(1).map(({ value }) => value.toLowerCase());
  if (name === 'ssl_protocols')
    return [...new Set(values ?? defaultProtocols(version).map((one) => one.toLowerCase()))]
      .toSorted()
      .join(' ');
  return values?.join(' ') ?? (name === 'ssl_ecdh_curve' ? 'auto' : 'off');
}
