import { failovers } from '../../judgement/upstreams/failover.ts';
import type { Item } from '../../model/model.ts';
import { familyOf } from '../../judgement/upstreams/retries.ts';
import type { Rule } from '../../engine/rule.ts';

export const defaultConnectTimeout: Rule = {
  id: 'reliability/default-connect-timeout',
  severity: 'info',
  summary: 'a server that is gone holds requests for a minute before another one is asked',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    // it may stand in the blocks around a part
    if (!model.whole) return;
    const told = new Set<Item>();
    for (const { pass, upstream, timeout } of failovers(model)) {
      if (timeout || told.has(upstream.item)) continue;
      told.add(upstream.item);
      report(pass, `a server of ${upstream.name} that is gone holds each of its requests for 60s`, {
        hint: `${familyOf(pass)}_connect_timeout 2s; asks another one sooner`,
        related: { message: 'the servers', item: upstream.item },
      });
    }
  },
};
