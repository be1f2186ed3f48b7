import { Context } from '../../../nginx/directives/contexts.ts';
import type { Item } from '../../model.ts';
import type { Rule } from '../../rule.ts';

export const duplicateServer: Rule = {
  id: 'reliability/duplicate-server',
  severity: 'warning',
  summary: 'an upstream has the same server twice',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const block of model.blocks) {
      if (block.context !== Context.upstream && block.context !== Context.streamUpstream) continue;
      const seen = new Map<string, Item>();
      for (const item of block.own('server')) {
        const word = item.directive.words[1];
        if (!word) continue;
        const address = withPort(word.value.toLowerCase(), block.context === Context.upstream);
        const before = seen.get(address);
        if (!before) seen.set(address, item);
        else
          report(item, `${word.value} is in this upstream twice`, {
            word,
            hint: 'it gets twice its share, and counts its failures apart; say weight= if that is meant',
            related: { message: 'the first one', item: before },
          });
      }
    }
  },
};

/** In http a server without a port has port 80. */
function withPort(address: string, http: boolean): string {
  return !http || address.startsWith('unix:') || /:\d+$/u.test(address) ? address : `${address}:80`;
}
