import { parseTime } from '../../../nginx/check/values.ts';
import { failovers } from '../../judgement/upstreams/failover.ts';
import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

/** Milliseconds that nobody waits for a connection to a server next door. */
const SLOW = 30_000;

export const slowFailover: Rule = {
  id: 'reliability/slow-failover',
  severity: 'warning',
  summary: 'a server that is gone holds requests for half a minute and more before another one is asked',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const told = new Set<Item>();
    for (const { upstream, timeout } of failovers(model)) {
      const word = timeout?.directive.words[1];
      if (!timeout || !word || told.has(timeout) || (parseTime(word.value, 'ms') ?? 0) < SLOW) continue;
      told.add(timeout);
      report(
        timeout,
        `a server of ${upstream.name} that is gone holds each of its requests for ${word.value}`,
        {
          word,
          hint: 'only then another one is asked; servers nearby connect within milliseconds: 2s is plenty',
          related: { message: 'the servers', item: upstream.item },
        },
      );
    }
  },
};
