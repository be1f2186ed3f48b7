import { Context, scopeOf } from '../../../nginx/directives/contexts.ts';
import { parseTime } from '../../../nginx/check/values.ts';
import { Sockets } from '../../model/network/sockets.ts';
import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

/** Seconds, where the configuration does not say. */
const DEFAULT = 75;

export const clientKeepaliveTimeout: Rule = {
  id: 'reliability/client-keepalive-timeout',
  severity: 'warning',
  summary: 'idle connections end on the wrong side of the balancer first',
  aliases: [],
  since: '0.1.0',
  options: {
    'alb-idle': {
      default: 60,
      summary: 'seconds after which the Application Load Balancer ends idle connections',
    },
    'nlb-idle': {
      default: 350,
      summary: 'seconds after which the Network Load Balancer forgets idle connections',
    },
  },
  check({ model, behind, number, report }) {
    if (behind === undefined || behind === 'none') return;
    const alb = behind === 'alb';
    const idle = number(alb ? 'alb-idle' : 'nlb-idle');
    const tell = (item: Item, seconds: number, said: boolean): void => {
      // 0 ends each connection with its answer, which says so
      if (seconds === 0 || (alb ? seconds > idle : seconds <= idle)) return;
      const what = said ? '' : ', the default';
      if (alb)
        report(
          item,
          `connections end after ${seconds} idle seconds${what}, while the balancer keeps them for ${idle}`,
          {
            word: said ? item.directive.words[1] : undefined,
            hint: `requests sent at that moment are answered by 502: write keepalive_timeout ${idle + 15}s;`,
          },
        );
      else
        report(
          item,
          `connections are kept for ${seconds} idle seconds, but the balancer forgets them after ${idle}`,
          {
            word: said ? item.directive.words[1] : undefined,
            hint: `write keepalive_timeout ${Math.min(DEFAULT, idle - 5)}s;`,
          },
        );
    };
    const sockets = Sockets.of(model);
    for (const item of model.named('keepalive_timeout')) {
      const { context } = item.block;
      if (scopeOf(context) !== 'http' || context === Context.upstream || !sockets.isPublic(item.block))
        continue;
      const time = parseTime(item.directive.words[1]?.value ?? '', 'ms');
      if (time !== undefined) tell(item, time / 1000, true);
    }
    const silent = model.whole
      ? sockets
          .servers('http')
          .find((server) => server.effective('keepalive_timeout').length === 0 && sockets.isPublic(server))
      : undefined;
    if (silent?.parent?.item) tell(silent.parent.item, DEFAULT, false);
  },
};
