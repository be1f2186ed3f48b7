import { Context } from '../../../nginx/directives/contexts.ts';
import { placesIn } from '../../model/requests/locations.ts';
import type { Rule } from '../../engine/rule.ts';

export const unusedTryFiles: Rule = {
  id: 'reliability/unused-try-files',
  severity: 'warning',
  summary: 'a try_files of the server, where locations take every request',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('try_files')) {
      if (item.block.context !== Context.server) continue;
      const root = placesIn(item.block).prefix.get('/');
      if (!root || root.item.inner?.own('try_files').length !== 0) continue;
      report(item, 'this is never used: locations do not inherit it, and location / takes every request', {
        hint: 'move it into location /',
        related: { message: 'the location', item: root.item },
      });
    }
  },
};
