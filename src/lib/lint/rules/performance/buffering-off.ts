import { Context } from '../../../nginx/directives/contexts.ts';
import type { Rule } from '../../engine/rule.ts';

export const bufferingOff: Rule = {
  id: 'performance/buffering-off',
  severity: 'info',
  summary: 'slow clients keep servers busy, as answers are not buffered',
  aliases: ['gixy:proxy_buffering_off'],
  since: '0.1.0',
  check({ model, report }) {
    for (const name of ['proxy_buffering', 'fastcgi_buffering', 'uwsgi_buffering', 'scgi_buffering'])
      for (const item of model.named(name)) {
        const { context } = item.block;
        const word = item.directive.words[1];
        if (word?.value.toLowerCase() !== 'off') continue;
        if (context !== Context.http && context !== Context.server) continue;
        report(item, `${name} is off for all: a server is busy until the slowest client has its answer`, {
          word,
          hint: 'set it in the locations that stream, or let their answers say X-Accel-Buffering: no',
        });
      }
  },
};
