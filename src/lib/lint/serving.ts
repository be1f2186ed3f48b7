import type { Block, Model } from './model.ts';
import { Sockets } from './listeners.ts';
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
      if (server) found.add(server);
    }
  return found;
}
