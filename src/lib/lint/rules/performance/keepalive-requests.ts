import { parseNumber } from '../../../nginx/check/values.ts';
import { Context } from '../../../nginx/directives/contexts.ts';
import { atLeast } from '../../../nginx/version.ts';
import type { Rule } from '../../engine/rule.ts';

/** The default was 100, and became 1000 with this release. */
const RAISED = '1.19.10';
const OLD_DEFAULT = 100;

export const keepaliveRequests: Rule = {
  id: 'performance/keepalive-requests',
  severity: 'info',
  summary: 'connections are closed after few requests',
  aliases: ['gixy:low_keepalive_requests'],
  since: '0.1.0',
  check({ model, target, report }) {
    const normal = atLeast(target.version, RAISED) ? 1000 : OLD_DEFAULT;
    for (const item of model.named('keepalive_requests')) {
      const word = item.directive.words[1];
      const count = parseNumber(word?.value ?? '');
      if (count === undefined || count > OLD_DEFAULT || count >= normal) continue;
      const whose = item.block.context === Context.upstream ? 'to servers' : 'of clients';
      report(
        item,
        `connections ${whose} are closed after ${count === 1 ? 'one request' : `${count} requests`}`,
        {
          word,
          hint: `${normal} is the default of this release; each new connection costs a handshake`,
        },
      );
    }
  },
};
