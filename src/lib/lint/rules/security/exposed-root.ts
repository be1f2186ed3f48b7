import { Context } from '../../../nginx/directives/contexts.ts';
import { guardFinder } from '../../judgement/clients/guards.ts';
import { Sockets } from '../../model/network/sockets.ts';
import { handlerOf } from '../../model/requests/answers.ts';
import { isRoot, placeOf } from '../../model/requests/locations.ts';
import type { Block, Item, Model } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

/** Folders that hold what no client should see: passwords, keys, logs, the configuration itself. */
const FOLDERS =
  /^\/(?:boot|dev|etc|etc\/(?:letsencrypt|nginx|ssl)|home|proc|root|run|sys|var|var\/(?:lib|log|run))?$/u;

export const exposedRoot: Rule = {
  id: 'security/exposed-root',
  severity: 'error',
  summary: 'a folder of the system is served',
  aliases: ['gixy:filesystem_root_exposure'],
  since: '0.1.0',
  check({ model, report }) {
    const guardOf = guardFinder(model);
    const sockets = Sockets.of(model);
    const told = new Set<Item>();
    for (const block of model.blocks) {
      if (block.context !== Context.server && block.context !== Context.location) continue;
      const served = servedBy(block, model);
      if (!served || !FOLDERS.test(served.folder) || told.has(served.item)) continue;
      if (guardOf(block) || !sockets.isPublic(block)) continue;
      told.add(served.item);
      report(served.item, `all that NGINX can read in ${served.folder} can be had by anyone`, {
        word: served.item.directive.words[1],
        hint: 'name a folder that holds nothing but what is to be served, such as /srv/www',
      });
    }
  },
};

interface Served {
  readonly folder: string;
  /** The `root` or `alias` that says so. */
  readonly item: Item;
}

/** The folder whose files a block hands out, down to the last; undefined where it hands out some, or none. */
function servedBy(block: Block, model: Model): Served | undefined {
  const prefix = prefixOf(block, model);
  if (prefix === undefined || handlerOf(block) || block.own('internal').length > 0) return undefined;
  const tries = block.own('try_files')[0]?.directive.words.slice(1, -1);
  if (tries?.every(({ value }) => !value.includes('$'))) return undefined;
  const [alias] = block.own('alias');
  const item = alias ?? block.effective('root')[0];
  const path = item?.directive.words[1]?.value;
  if (!item || !path?.startsWith('/')) return undefined;
  const folder = `${path}/${alias ? '' : prefix}`.replaceAll(/\/+/gu, '/').replace(/(?<=.)\/$/u, '');
  return { folder, item };
}

/** What all paths of a block start with. */
function prefixOf(block: Block, model: Model): string | undefined {
  if (block.context === Context.server)
    return model.isKnown(block) && !block.own('location').some(isRoot) ? '/' : undefined;
  const place = block.item && placeOf(block.item);
  return place?.kind === 'prefix' && place.name.endsWith('/') ? place.name : undefined;
}
