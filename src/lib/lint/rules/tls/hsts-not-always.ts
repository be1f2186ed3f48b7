import { addWord } from '../../fixes/fix.ts';
import { hstsHeaders } from '../../judgement/tls/hsts.ts';
import type { Rule } from '../../engine/rule.ts';

export const hstsNotAlways: Rule = {
  id: 'tls/hsts-not-always',
  severity: 'info',
  summary: 'error pages come without Strict-Transport-Security',
  fixable: true,
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const { item, word } of hstsHeaders(model)) {
      if (item.directive.words.length !== 3) continue;
      report(item, 'answers with an error (404, 500, …) come without Strict-Transport-Security', {
        hint: 'add always',
        fix: { title: 'add always', edits: [addWord(item, word, 'always')] },
      });
    }
  },
};
