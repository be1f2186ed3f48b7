import { Context } from '../../../nginx/directives/contexts.ts';
import type { Rule } from '../../engine/rule.ts';

/** Where a log is for more than a single path. */
const WIDE =
  Context.main | Context.http | Context.server | Context.stream | Context.streamServer | Context.mail;

export const noErrorLog: Rule = {
  id: 'reliability/no-error-log',
  severity: 'info',
  summary: 'errors are thrown away',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('error_log')) {
      const { block, directive } = item;
      const word = directive.words[1];
      // several logs of one block are all written to
      if (word?.value !== '/dev/null' || (block.context & WIDE) === 0 || block.own('error_log').length > 1)
        continue;
      report(item, 'errors are thrown away: when something breaks, nothing tells why', {
        word,
        hint: 'keep a log at level error or crit, or send it to stderr or syslog',
      });
    }
  },
};
