import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { activeServers, valueOf } from '../../model/network/upstream-servers.ts';
import type { Upstream } from '../../model/network/upstreams.ts';
import { upstreamsPerWorker } from '../../judgement/upstreams/worker-state.ts';

export const statePerWorker: Rule = {
  id: 'reliability/state-per-worker',
  severity: 'info',
  summary: 'each worker counts the connections and failures of servers by itself',
  fixable: true,
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const { upstream, workers, fix } of upstreamsPerWorker(model)) {
      if (activeServers(upstream).length < 2) continue;
      const found = whatCounts(upstream);
      if (!found) continue;
      report(found.item, `${found.message} (worker_processes ${workers})`, {
        hint: `zone ${upstream.name} 64k; in the upstream lets the workers count together`,
        fix: fix(),
      });
    }
  },
};

/** What depends on a count in an upstream that the workers do not share. */
function whatCounts({
  name,
  block,
  servers,
}: Upstream): { readonly item: Item; readonly message: string } | undefined {
  const [method] = [
    ...block.own('least_conn'),
    ...block.own('least_time'),
    ...block.own('random').filter(({ directive }) => directive.words[1]?.value === 'two'),
  ];
  if (method)
    return {
      item: method,
      message: `${method.directive.name} of ${name} knows in each worker of its own connections alone`,
    };
  const item = servers.find((server) => Number(valueOf(server, 'max_fails')) > 1);
  return item && { item, message: `max_fails of ${name} is counted in each worker by itself` };
}
