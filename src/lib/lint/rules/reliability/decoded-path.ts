import { Context } from '../../../nginx/directives/contexts.ts';
import { isRoot } from '../../model/requests/locations.ts';
import type { Rule } from '../../engine/rule.ts';

export const decodedPath: Rule = {
  id: 'reliability/decoded-path',
  severity: 'info',
  summary: 'a slash behind proxy_pass that does nothing but decode paths',
  aliases: ['gixy:proxy_pass_normalized'],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('proxy_pass')) {
      const { block, directive } = item;
      const [, word] = directive.words;
      if (!word?.value.endsWith('/') || block.context !== Context.location || !block.item) continue;
      if (!isRoot(block.item)) continue;
      if (!/^https?:\/\/(?:unix:[^$:]+:|[^$/?:]*(?::\d+)?|\[[^\]]+\](?::\d+)?)\/$/iu.test(word.value))
        continue;
      report(item, 'for the slash at its end paths are decoded: %2F, %3B and // arrive as other characters', {
        word,
        hint: 'without the slash the path is passed on as the client sent it',
      });
    }
  },
};
