import type { Version } from '../../../nginx/version.ts';
import type { Block, Item, Model } from '../../model/model.ts';
import { isTls, Sockets } from '../../model/network/sockets.ts';

/** Servers that listen with TLS and for which `ssl_stapling` is on, with the directive that says so. */
export function* stapledServers(
  model: Model,
  version: Version,
): Generator<{ readonly stapling: Item; readonly server: Block }> {
  if (model.named('ssl_stapling').length === 0) return;
  for (const socket of Sockets.of(model).all) {
    if (!isTls(socket, version)) continue;
    for (const { server } of socket.listeners) {
      const [stapling] = server.effective('ssl_stapling');
      if (stapling?.directive.words[1]?.value.toLowerCase() === 'on') yield { stapling, server };
    }
  }
}
