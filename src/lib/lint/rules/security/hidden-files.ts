import { Context } from '../../../nginx/directives/contexts.ts';
import { ownGuard } from '../../judgement/clients/guards.ts';
import { givesSomething, handlerOf, isLeft } from '../../model/requests/answers.ts';
import { DEEPEST } from '../../model/requests/locations.ts';
import { locationFor } from '../../model/requests/routing.ts';
import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const hiddenFiles: Rule = {
  id: 'security/hidden-files',
  severity: 'info',
  summary: 'files with a dot in front, some of which are kept back and others are given',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const server of model.blocks) {
      if (server.context !== Context.server || !model.isKnown(server)) continue;
      const places = NAMES.map((path) => ({ path, location: locationFor(server, path, DEEPEST)?.location }));
      const refused = places.find(({ location }) => location?.inner && refuses(location.inner));
      if (!refused) continue;
      const given = places.find(({ location }) => givesFiles(location, server));
      if (!given) continue;
      report(refused.location!, `${refused.path} is refused, and ${given.path} is not`, {
        word: refused.location!.directive.words.at(-1),
        hint: String.raw`refuse all of them: location ~ /\.(?!well-known/) { deny all; }`,
      });
    }
  },
};

/** What lies in the folder of a site now and then, and is for nobody else. */
const NAMES = ['/.htpasswd', '/.htaccess', '/.git/config', '/.svn/entries', '/.env'];

function refuses(block: Block): boolean {
  return ownGuard(block) !== undefined || block.own('return').some((answer) => !givesSomething(answer));
}

function givesFiles(location: Item | undefined, server: Block): boolean {
  const block = location ? location.inner! : server;
  if (refuses(block) || refuses(server) || handlerOf(block) || isLeft(block) || isLeft(server)) return false;
  if (block.own('internal').length > 0) return false;
  const files = block.own('try_files')[0]?.directive.words.slice(1, -1) ?? [];
  const tries =
    block.own('try_files').length === 0 || files.some(({ value }) => /^\$\{?uri\}?$/u.test(value));
  return tries && (block.effective('root').length > 0 || block.effective('alias').length > 0);
}
