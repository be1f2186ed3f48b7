import { parseTime } from '../../../nginx/check/values.ts';
import { scopeOf } from '../../../nginx/directives/contexts.ts';
import type { Item } from '../../model.ts';
import { familyOf, triesOf } from '../../retries.ts';
import type { Rule } from '../../rule.ts';
import { activeServers } from '../../servers.ts';

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
    const told = new Set<Item>();
    for (const { pass, destinations } of model.routes) {
      // in stream a server is left once it has been reached
      if (scopeOf(pass.block.context) === 'stream' || !isUnbounded(pass)) continue;
      const seconds = readTimeoutOf(pass);
      for (const { upstream } of destinations) {
        const count = upstream ? activeServers(upstream).length : 0;
        if (!upstream || count < 2 || count * seconds < longest || told.has(upstream.item)) continue;
        told.add(upstream.item);
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

function isUnbounded(pass: Item): boolean {
  const family = familyOf(pass);
  const value = (name: string): string | undefined =>
    pass.block.effective(`${family}_${name}`)[0]?.directive.words[1]?.value;
  const [next] = pass.block.effective(`${family}_next_upstream`);
  if (next && !next.directive.words.some((word) => word.value === 'timeout')) return false;
  return triesOf(pass, pass.block) === 0 && !parseTime(value('next_upstream_timeout') ?? '0', 'ms');
}

function readTimeoutOf(pass: Item): number {
  const [timeout] = pass.block.effective(`${familyOf(pass)}_read_timeout`);
  return (parseTime(timeout?.directive.words[1]?.value ?? '60s', 'ms') ?? 60_000) / 1000;
}
