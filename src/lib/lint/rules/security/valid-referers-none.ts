import type { Rule } from '../../engine/rule.ts';

export const validReferersNone: Rule = {
  id: 'security/valid-referers-none',
  severity: 'info',
  summary: 'requests without a Referer are taken for valid',
  aliases: ['gixy:valid_referers'],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('valid_referers')) {
      const word = item.directive.words.slice(1).find(({ value }) => value === 'none');
      if (!word) continue;
      report(
        item,
        'requests without a Referer are valid, and every page can have its links sent without one',
        {
          word,
          hint: 'leave out none where more depends on it than who shows your images',
        },
      );
    }
  },
};
