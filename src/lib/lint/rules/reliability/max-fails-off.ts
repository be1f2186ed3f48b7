import type { Rule } from '../../engine/rule.ts';
import { activeServers, parameterOf, valueOf } from '../../model/network/upstream-servers.ts';

export const maxFailsOff: Rule = {
  id: 'reliability/max-fails-off',
  severity: 'info',
  summary: 'no server of an upstream is ever left alone, however often it fails',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const upstream of model.upstreams.values()) {
      const servers = activeServers(upstream);
      const [first] = servers;
      if (
        !first ||
        servers.length < 2 ||
        servers.some((server) => !/^0+$/u.test(valueOf(server, 'max_fails') ?? ''))
      )
        continue;
      // health checks, those of NGINX Plus and of a module, leave servers alone in another way
      if (upstream.block.own('check').length > 0 || model.named('health_check').length > 0) continue;
      report(first, `a server of ${upstream.name} that is gone still gets its share of the requests`, {
        word: parameterOf(first, 'max_fails'),
        hint: 'max_fails=0 stands at every server; each request to one that is gone waits until it is given up',
      });
    }
  },
};
