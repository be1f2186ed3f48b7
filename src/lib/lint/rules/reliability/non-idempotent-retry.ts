import type { Rule } from '../../engine/rule.ts';
import { nextUpstreams, triesOf } from '../../judgement/upstreams/retries.ts';

export const nonIdempotentRetry: Rule = {
  id: 'reliability/non-idempotent-retry',
  severity: 'info',
  summary: 'a POST that may have been carried out is sent to a second server',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of nextUpstreams(model)) {
      const { words } = item.directive;
      const word = words.find(({ value }) => value === 'non_idempotent');
      if (!word || words.some(({ value }) => value === 'off') || triesOf(model, item) === 1) continue;
      report(item, 'a POST whose answer is late or lost is sent again to another server', {
        word,
        hint: 'the first server may have carried it out already; leave non_idempotent to servers that know a repetition',
      });
    }
  },
};
