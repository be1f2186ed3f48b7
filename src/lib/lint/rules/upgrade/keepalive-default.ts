import { atLeast } from '../../../nginx/version.ts';
import type { Rule } from '../../engine/rule.ts';

export const keepaliveDefault: Rule = {
  id: 'upgrade/keepalive-default',
  severity: 'info',
  summary: 'since 1.29.7 idle connections to servers are kept open, and come on top of max_conns',
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    if (!atLeast(target.version, '1.29.7')) return;
    for (const { name, block, stream, servers, users } of model.upstreams.values()) {
      if (stream || block.own('keepalive').length > 0) continue;
      const keeping = users.some(({ directive, block: from }) => {
        const version = from.effective('proxy_http_version')[0]?.directive.words[1]?.value;
        return directive.name === 'proxy_pass' && version !== '1.0';
      });
      const limited = servers.find(({ directive }) =>
        directive.words.some(({ value }) => /^max_conns=[1-9]/u.test(value)),
      );
      if (!keeping || !limited) continue;
      report(
        limited,
        `since 1.29.7 connections to ${name} stay open, and idle ones may come on top of max_conns`,
        {
          word: limited.directive.words.find(({ value }) => value.startsWith('max_conns=')),
          hint: 'write keepalive 0; in the upstream for what was before',
        },
      );
    }
  },
};
