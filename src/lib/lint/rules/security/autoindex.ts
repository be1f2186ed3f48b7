import { guardFinder } from '../../judgement/clients/guards.ts';
import { Sockets } from '../../model/network/sockets.ts';
import type { Rule } from '../../engine/rule.ts';

export const autoindex: Rule = {
  id: 'security/autoindex',
  severity: 'info',
  summary: 'everyone can list the files of a folder',
  aliases: ['nginx-lint:autoindex-enabled'],
  since: '0.1.0',
  check({ model, report }) {
    const guardOf = guardFinder(model);
    const sockets = Sockets.of(model);
    for (const item of model.named('autoindex')) {
      const word = item.directive.words[1];
      if (word?.value.toLowerCase() !== 'on' || item.block.own('internal').length > 0 || guardOf(item.block))
        continue;
      if (!sockets.isPublic(item.block)) continue;
      report(item, 'the files of folders without an index page are listed for everyone', {
        word,
        hint: 'leave it on where visitors are meant to look around, and nowhere else',
      });
    }
  },
};
