import type { Word } from '../../../nginx/syntax/tree.ts';
import type { Item, Model } from '../../model/model.ts';
import { activeServers } from '../../model/network/upstream-servers.ts';
import type { Upstream } from '../../model/network/upstreams.ts';

/** An upstream that chooses its servers by a key. */
interface Hash {
  readonly upstream: Upstream;
  /** The `hash`. */
  readonly item: Item;
  readonly key: Word;
}

/** Every `hash` that has servers to choose from. */
export function* hashes(model: Model): Generator<Hash> {
  for (const upstream of model.upstreams.values()) {
    const [item] = upstream.block.own('hash');
    const key = item?.directive.words[1];
    if (item && key && activeServers(upstream).length > 1) yield { upstream, item, key };
  }
}
