import type { Rule } from '../../engine/rule.ts';

export const limitExceptOpen: Rule = {
  id: 'security/limit-except-open',
  severity: 'warning',
  summary: 'a limit_except that refuses no method',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('limit_except')) {
      const { inner, directive } = item;
      if (!inner || inner.items.length > 0 || !model.isKnown(inner)) continue;
      const methods = directive.words.slice(1).map(({ value }) => value);
      report(item, `other methods than ${methods.join(' and ')} are not refused: nothing stands in here`, {
        hint: 'write deny all; between the braces',
      });
    }
  },
};
