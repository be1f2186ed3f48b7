import { guardFinder } from '../../guards.ts';
import { isLocal } from '../../server-listeners.ts';
import { serverOf } from '../../location-matches.ts';
import type { Rule } from '../../rule.ts';

export const autoindex: Rule = {
  id: 'security/autoindex',
  severity: 'info',
  summary: 'everyone can list the files of a folder',
  aliases: ['nginx-lint:autoindex-enabled'],
  since: '0.1.0',
  check({ model, report }) {
    const guardOf = guardFinder(model);
    for (const item of model.named('autoindex')) {
      const word = item.directive.words[1];
      if (word?.value.toLowerCase() !== 'on' || item.block.own('internal').length > 0 || guardOf(item.block))
        continue;
      const server = serverOf(item.block);
      if (server && isLocal(server)) continue;
      report(item, 'the files of folders without an index page are listed for everyone', {
        word,
        hint: 'leave it on where visitors are meant to look around, and nowhere else',
      });
    }
  },
};
