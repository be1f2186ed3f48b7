import { guardFinder, ownGuard } from '../../judgement/clients/guards.ts';
import { Sockets } from '../../model/network/sockets.ts';
import type { Rule } from '../../engine/rule.ts';

export const unsafeDav: Rule = {
  id: 'security/unsafe-dav',
  severity: 'warning',
  summary: 'everyone can write or delete files',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    // what keeps strangers out may stand in another file
    if (!model.whole) return;
    const guardOf = guardFinder(model);
    const sockets = Sockets.of(model);
    for (const item of model.named('dav_methods')) {
      const { block, directive } = item;
      const methods = directive.words.slice(1).map(({ value }) => value);
      if (methods.length === 0 || methods.includes('off') || guardOf(block)) continue;
      if (block.own('limit_except').some(({ inner }) => inner && ownGuard(inner))) continue;
      if (block.own('internal').length > 0 || !sockets.isPublic(block)) continue;
      report(item, `whoever reaches this server may send ${methods.join(', ')}, and change its files`, {
        hint: 'add auth_basic, or allow and deny all; limit_except GET { … } keeps reading open',
      });
    }
  },
};
