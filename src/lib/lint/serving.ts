import type { Block, Model } from './model.ts';
import { Sockets } from './sockets.ts';
import { PASSES } from './upstreams.ts';

/** What gives clients more than an answer that stands in the configuration. */
const CONTENT = [
  ...PASSES,
  'root',
  'alias',
  'try_files',
  'stub_status',
  'empty_gif',
  'js_content',
  'perl',
  'content_by_lua_block',
  'content_by_lua_file',
];

/** Servers of http that have something to give: no mere redirects, and no refusals. */
export function serversWithContent(model: Model): Set<Block> {
  const sockets = Sockets.of(model);
  const found = new Set<Block>();
  for (const name of CONTENT)
    for (const { block } of model.named(name)) {
      const server = sockets.serverOf(block);
      const path = block.directive?.words.at(-1)?.value ?? '';
      // a server of redirects proves its names to those who sign certificates
      if (server && !path.includes('/.well-known/acme-challenge')) found.add(server);
    }
  return found;
}
