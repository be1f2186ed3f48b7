import { Context } from '../../../nginx/directives/contexts.ts';
import { isRoot } from '../../model/requests/locations.ts';
import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const constantUpgrade: Rule = {
  id: 'reliability/constant-upgrade',
  severity: 'info',
  summary: 'every request says Connection: upgrade, WebSocket or not',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const constant = new Set(model.named('proxy_set_header').filter((item) => isConstant(item)));
    if (constant.size === 0) return;
    for (const pass of model.named('proxy_pass')) {
      if (!takesAll(pass.block)) continue;
      for (const item of pass.block.effective('proxy_set_header')) {
        if (!constant.delete(item)) continue;
        report(item, 'every request says Connection: upgrade, also those that are no WebSocket', {
          word: item.directive.words[2],
          hint: "use a map: map $http_upgrade $connection_upgrade { default upgrade; '' ''; }",
        });
      }
    }
  },
};

function isConstant({ directive }: Item): boolean {
  const [, name, value] = directive.words;
  return value?.value.toLowerCase() === 'upgrade' && name?.value.toLowerCase() === 'connection';
}

/** Whether a block is the one for all paths; a location for WebSockets alone may say what it likes. */
function takesAll(block: Block): boolean {
  return block.context === Context.location && block.item !== undefined && isRoot(block.item);
}
