import type { Rule } from '../../engine/rule.ts';
import { parameterOf } from '../../model/network/upstream-servers.ts';

export const noLiveServer: Rule = {
  id: 'reliability/no-live-server',
  severity: 'warning',
  summary: 'all servers of an upstream are marked as down',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const { name, item, servers } of model.upstreams.values()) {
      if (servers.length === 0 || servers.some((server) => !parameterOf(server, 'down'))) continue;
      report(item, `every request to ${name} fails: its servers are all down`, {
        word: item.directive.words[1],
        hint: 'remove down from one of them, or answer with return where that is meant',
      });
    }
  },
};
