import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const subFilterCompressed: Rule = {
  id: 'reliability/sub-filter-compressed',
  severity: 'info',
  summary: 'a sub_filter that finds nothing in answers that come compressed',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const told = new Set<Item>();
    if (model.named('sub_filter').length === 0) return;
    for (const { block } of model.named('proxy_pass')) {
      const [filter] = block.effective('sub_filter');
      if (!filter || told.has(filter)) continue;
      const headers = block.effective('proxy_set_header');
      if (headers.some(({ directive: { words } }) => words[1]?.value.toLowerCase() === 'accept-encoding'))
        continue;
      told.add(filter);
      report(filter, 'nothing is replaced in answers that the server compresses, as browsers ask it to', {
        hint: 'add proxy_set_header Accept-Encoding ""; beside the other headers; gzip on compresses for clients',
      });
    }
  },
};
