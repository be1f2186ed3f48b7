import type { Rule } from '../../engine/rule.ts';
import { parameterOf, serverAddress, valueOf } from '../../model/network/upstream-servers.ts';

export const ignoredMaxFails: Rule = {
  id: 'reliability/ignored-max-fails',
  severity: 'info',
  summary: 'the only server of an upstream is never left alone, whatever max_fails says',
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    for (const { name, block, servers } of model.upstreams.values()) {
      const [server] = servers;
      if (!server || servers.length > 1) continue;
      // a name can stand for several addresses, and NGINX Plus adds servers at run time
      const family = serverAddress(server)?.family;
      if (family === undefined || family === 'name' || (target.plus && block.own('zone').length > 0))
        continue;
      const word = ['max_fails', 'fail_timeout', 'slow_start']
        .map((one) => parameterOf(server, one))
        .find((one) => one && !/=0+s?$/u.test(one.value));
      // with 0 it is always tried, which is what happens
      if (!word || valueOf(server, 'max_fails') === '0') continue;
      report(server, `${word.value} does nothing: ${name} has one server, which is always tried`, {
        word,
        hint: 'NGINX looks at max_fails, fail_timeout and slow_start where there are several servers',
      });
    }
  },
};
