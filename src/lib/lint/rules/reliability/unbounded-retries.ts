import { parseTime } from '../../../nginx/check/values.ts';
import { scopeOf } from '../../../nginx/directives/contexts.ts';
import type { Item, Model } from '../../model/model.ts';
import { familyOf, settingOf, triesOf } from '../../judgement/upstreams/retries.ts';
import type { Rule } from '../../engine/rule.ts';
import { activeServers } from '../../model/network/upstream-servers.ts';
import type { Upstream } from '../../model/network/upstreams.ts';

const AN_HOUR = 3600;

export const unboundedRetries: Rule = {
  id: 'reliability/unbounded-retries',
  severity: 'info',
  summary: 'a request that no server answers in time visits all of them, one after the other',
  aliases: [],
  since: '0.1.0',
  options: { longest: { default: 300, summary: 'seconds that a request may take over all servers' } },
  check({ model, number, report }) {
    // bounds may stand in the blocks around a part
    if (!model.whole) return;
    const longest = number('longest');
    const told = new Set<Upstream>();
    const counts = new Map<Upstream, number>();
    const countOf = (upstream: Upstream): number => {
      let count = counts.get(upstream);
      if (count === undefined) counts.set(upstream, (count = activeServers(upstream).length));
      return count;
    };
    for (const { pass, destinations } of model.routes) {
      // in stream a server is left once it has been reached
      if (scopeOf(pass.block.context) === 'stream') continue;
      for (const { upstream } of destinations) {
        if (!upstream || told.has(upstream)) continue;
        const count = countOf(upstream);
        const seconds = count < 2 ? 0 : readTimeoutOf(model, pass);
        // such a time is meant for streams, whose answer has begun
        if (count * seconds < longest || seconds >= AN_HOUR || !isUnbounded(model, pass)) continue;
        told.add(upstream);
        const family = familyOf(pass);
        report(
          pass,
          `a slow request visits all ${count} servers of ${upstream.name}, ${seconds}s each, and marks each as failed`,
          {
            hint: `bound it: ${family}_next_upstream_tries 2; or ${family}_next_upstream_timeout`,
            related: { message: 'the servers', item: upstream.item },
          },
        );
      }
    }
  },
};

function isUnbounded(model: Model, pass: Item): boolean {
  const next = settingOf(model, pass, 'next_upstream');
  if (next && !next.directive.words.some((word) => word.value === 'timeout')) return false;
  const time = settingOf(model, pass, 'next_upstream_timeout')?.directive.words[1]?.value;
  return triesOf(model, pass) === 0 && !parseTime(time ?? '0', 'ms');
}

function readTimeoutOf(model: Model, pass: Item): number {
  const text = settingOf(model, pass, 'read_timeout')?.directive.words[1]?.value;
  return (parseTime(text ?? '60s', 'ms') ?? 60_000) / 1000;
}
