import { Context } from '../../../nginx/directives/contexts.ts';
import { atLeast } from '../../../nginx/version.ts';
import { remove, replaceWord } from '../../fixes/fix.ts';
import type { Rule } from '../../engine/rule.ts';

const SPDY = [
  'spdy_chunk_size',
  'spdy_headers_comp',
  'spdy_keepalive_timeout',
  'spdy_max_concurrent_streams',
  'spdy_pool_size',
  'spdy_recv_buffer_size',
  'spdy_recv_timeout',
  'spdy_streams_index_size',
];

export const deprecatedDirective: Rule = {
  id: 'upgrade/deprecated-directive',
  severity: 'info',
  summary: 'a directive that NGINX has another name for, or no use',
  fixable: true,
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    for (const name of ['proxy_downstream_buffer', 'proxy_upstream_buffer'])
      for (const item of model.named(name)) {
        const [word] = item.directive.words;
        if ((item.block.context & (Context.stream | Context.streamServer)) === 0 || !word) continue;
        report(item, `${name} is now proxy_buffer_size`, {
          fix: { title: 'write proxy_buffer_size', edits: [replaceWord(item, word, 'proxy_buffer_size')] },
        });
      }
    // refused from there on
    if (atLeast(target.version, '1.19.7')) return;
    for (const name of SPDY)
      for (const item of model.named(name))
        report(item, `${name} does nothing, and NGINX from 1.19.7 on refuses it`, {
          hint: 'SPDY became HTTP/2',
          fix: { title: 'take it out', edits: [remove(item)] },
        });
  },
};
