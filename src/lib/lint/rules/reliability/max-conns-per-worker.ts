import type { Rule } from '../../engine/rule.ts';
import { parameterOf, valueOf } from '../../model/network/upstream-servers.ts';
import { upstreamsPerWorker } from '../../judgement/upstreams/worker-state.ts';

export const maxConnsPerWorker: Rule = {
  id: 'reliability/max-conns-per-worker',
  severity: 'warning',
  summary: 'a limit of connections to a server holds for each worker by itself',
  fixable: true,
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const { upstream, workers, fix } of upstreamsPerWorker(model)) {
      const server = upstream.servers.find((one) => Number(valueOf(one, 'max_conns')) > 0);
      if (!server) continue;
      const word = parameterOf(server, 'max_conns')!;
      const times = /^\d+$/u.test(workers) ? workers : 'as many';
      report(
        server,
        `each worker counts for itself: servers of ${upstream.name} get more than ${word.value}`,
        {
          word,
          hint: `with worker_processes ${workers} the limit is ${times === workers ? `${times} times as high` : 'multiplied by the workers'}; zone ${upstream.name} 64k; in the upstream makes them count together`,
          fix: fix(),
        },
      );
    }
  },
};
