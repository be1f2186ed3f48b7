import { howToResolve, isOfAws, resolvedOnce } from '../../judgement/upstreams/resolved-once.ts';
import type { Rule } from '../../engine/rule.ts';

export const staleDns: Rule = {
  id: 'reliability/stale-dns',
  severity: 'info',
  summary: 'a host name whose address is looked up once, when NGINX starts or reloads',
  aliases: [
    'gixy:missing_resolver',
    'gixy:stale_dns_cache',
    'nginx-lint:proxy-pass-domain',
    'nginx-lint:upstream-server-no-resolve',
  ],
  since: '0.1.0',
  check({ model, target, report }) {
    for (const { host, item, word } of resolvedOnce(model)) {
      if (isOfAws(host)) continue;
      report(item, `${host} is looked up once, when NGINX starts or reloads`, {
        word,
        hint: `where its address changes, ${howToResolve(target, item.directive.name, host)}`,
      });
    }
  },
};
