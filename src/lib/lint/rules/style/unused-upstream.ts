import type { Rule } from '../../engine/rule.ts';
import { unusedUpstreams } from '../../judgement/upstreams/unused-upstreams.ts';

export const unusedUpstream: Rule = {
  id: 'style/unused-upstream',
  severity: 'info',
  summary: 'an upstream that nothing leads to',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const { name, item } of unusedUpstreams(model))
      report(item, `nothing leads to the upstream ${name}`, {
        word: item.directive.words[1],
        hint: 'remove it, or look whether a directive such as proxy_pass names something else',
      });
  },
};
