import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const duplicateType: Rule = {
  id: 'style/duplicate-type',
  severity: 'info',
  summary: 'an extension that has two types',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const seen = new Map<Block, Map<string, Item>>();
    for (const table of model.named('types')) {
      let known = seen.get(table.block);
      if (!known) seen.set(table.block, (known = new Map()));
      for (const row of model.rows(table)) {
        for (const word of row.directive.words.slice(1)) {
          const extension = word.value.toLowerCase();
          const before = known.get(extension);
          known.set(extension, row);
          if (!before) continue;
          const { name } = before.directive;
          report(
            row,
            `.${extension} was ${name} before: NGINX takes the last one, and warns at every start`,
            {
              word,
              related: { message: 'the first one', item: before },
            },
          );
        }
      }
    }
  },
};
