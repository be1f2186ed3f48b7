import { Context } from '../../../nginx/directives/contexts.ts';
import type { Block } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const http3Unannounced: Rule = {
  id: 'performance/http3-unannounced',
  severity: 'info',
  summary: 'HTTP/3 that browsers are not told of, and do not use',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const quic = model
      .named('listen')
      .filter(({ directive: { words } }) => words.some(({ value }, index) => index > 0 && value === 'quic'));
    if (quic.length === 0) return;
    // programs and modules may set headers, too
    if (
      model.items.some(({ directive: { name } }) => /_by_lua|^js_header_filter|^more_set_headers/u.test(name))
    )
      return;
    const telling = new Set<Block | undefined>();
    for (const item of model.named('add_header'))
      if (item.directive.words[1]?.value.toLowerCase() === 'alt-svc')
        telling.add(item.block.context === Context.http ? undefined : item.block.server);
    if (telling.has(undefined)) return;
    const told = new Set<Block>();
    for (const item of quic) {
      const { block } = item;
      if (block.context !== Context.server || !model.isKnown(block) || telling.has(block) || told.has(block))
        continue;
      told.add(block);
      report(item, 'browsers come by HTTP/2: no answer tells them that there is HTTP/3', {
        word: item.directive.words.find(({ value }) => value === 'quic'),
        hint: `add_header Alt-Svc 'h3=":443"; ma=86400' always; with the port that clients see`,
      });
    }
  },
};
