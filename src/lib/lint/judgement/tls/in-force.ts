import { Context, scopeOf } from '../../../nginx/directives/contexts.ts';
import type { Version } from '../../../nginx/version.ts';
import type { Item, Model } from '../../model/model.ts';
import { hasTls } from '../../model/network/sockets.ts';

/**
 * A function that tells whether a setting of a name, such as `ssl_protocols`, holds for a server that speaks TLS with
 * clients. In `http` it does nothing where each of those has its own, or where there are none. In a part they may
 * stand elsewhere.
 */
export function holdsForClients(model: Model, name: string, version: Version): (item: Item) => boolean {
  if (!model.whole) return () => true;
  const lists = new Set<readonly Item[]>();
  if (model.named(name).length > 0)
    for (const block of model.blocks)
      if (SERVERS.has(block.context) && hasTls(model, block, version)) lists.add(block.effective(name));
  const held = new Set([...lists].flat());
  return (item) => held.has(item) || scopeOf(item.block.context) === 'mail';
}

const SERVERS = new Set<number>([Context.server, Context.streamServer]);
