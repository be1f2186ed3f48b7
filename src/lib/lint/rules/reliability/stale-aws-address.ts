import { howToResolve, isOfAws, resolvedOnce } from '../../judgement/upstreams/resolved-once.ts';
import type { Rule } from '../../engine/rule.ts';

export const staleAwsAddress: Rule = {
  id: 'reliability/stale-aws-address',
  severity: 'warning',
  summary: 'a name of AWS, whose addresses change, is looked up once, when NGINX starts or reloads',
  aliases: ['gixy:missing_resolver'],
  since: '0.1.0',
  check({ model, target, report }) {
    for (const { host, item, word } of resolvedOnce(model)) {
      if (!isOfAws(host)) continue;
      report(item, `AWS changes the addresses of ${host}, and NGINX looks them up once`, {
        word,
        hint: howToResolve(target, item.directive.name, host),
      });
    }
  },
};
