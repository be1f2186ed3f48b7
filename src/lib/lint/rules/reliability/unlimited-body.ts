import { parseOffset } from '../../../nginx/check/values.ts';
import { Context } from '../../../nginx/directives/contexts.ts';
import { isOff } from '../../model/flags.ts';
import type { Rule } from '../../engine/rule.ts';

export const unlimitedBody: Rule = {
  id: 'reliability/unlimited-body',
  severity: 'info',
  summary: 'whoever likes can fill the disk with one request',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('client_max_body_size')) {
      const { block, directive } = item;
      const word = directive.words[1];
      if (parseOffset(word?.value ?? '') !== 0) continue;
      if (block.context !== Context.http && block.context !== Context.server) continue;
      if (isOff(block, 'proxy_request_buffering')) continue;
      report(item, 'bodies of any size are taken, and kept on disk until they have arrived', {
        word,
        hint: 'set a size here, and 0 in the locations of large uploads',
      });
    }
  },
};
