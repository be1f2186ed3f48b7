import type { Rule } from '../../engine/rule.ts';

export const errorAsSuccess: Rule = {
  id: 'reliability/error-as-success',
  severity: 'info',
  summary: 'failures of servers are answered as if all were well',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('error_page')) {
      const words = item.directive.words.slice(1);
      const success = words.find(({ value }) => /^=2\d\d$/u.test(value));
      const failures = words.filter(({ value }) => /^5\d\d$/u.test(value));
      if (!success || failures.length === 0) continue;
      const codes = failures.map(({ value }) => value).join(', ');
      report(
        item,
        `${codes} becomes ${success.value.slice(1)}: health checks, caches and clients take it for success`,
        {
          word: success,
          hint: 'leave the status out: the page is sent with the status of the failure',
        },
      );
    }
  },
};
