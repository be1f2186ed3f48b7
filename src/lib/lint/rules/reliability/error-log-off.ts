import type { Rule } from '../../engine/rule.ts';

export const errorLogOff: Rule = {
  id: 'reliability/error-log-off',
  severity: 'warning',
  summary: 'an error_log that is not off, but a file of that name',
  aliases: ['gixy:error_log_off'],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('error_log')) {
      const word = item.directive.words[1];
      if (word?.value.toLowerCase() !== 'off') continue;
      report(item, `errors are written to a file named ${word.value}: error_log cannot be turned off`, {
        word,
        hint: 'write /dev/null crit where nothing is to be kept',
      });
    }
  },
};
