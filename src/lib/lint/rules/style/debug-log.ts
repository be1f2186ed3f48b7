import type { Rule } from '../../engine/rule.ts';

export const debugLog: Rule = {
  id: 'style/debug-log',
  severity: 'info',
  summary: 'a log of everything that NGINX does',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('error_log')) {
      const [, file, level] = item.directive.words;
      const quiet = file?.value === '/dev/null' || file?.value.startsWith('memory:');
      if (quiet || level?.value !== 'debug') continue;
      report(item, 'debug writes many lines for each request, with headers and cookies in them', {
        word: level,
        hint: 'write warn or error, and use debug_connection for one address',
      });
    }
  },
};
