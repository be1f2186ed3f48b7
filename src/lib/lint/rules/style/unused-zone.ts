import { scopeOf } from '../../../nginx/directives/contexts.ts';
import type { Item, Model } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

/** What makes zones, how their names stand there, and what uses them. */
const ZONES = [
  { by: 'limit_req_zone', made: /^zone=([^:]+):/u, uses: ['limit_req'], used: /^zone=([^]+)$/u },
  { by: 'limit_conn_zone', made: /^zone=([^:]+):/u, uses: ['limit_conn'], used: /^([^]+)$/u },
  {
    by: 'proxy_cache_path',
    made: /^keys_zone=([^:]+):/u,
    uses: ['proxy_cache', 'fastcgi_cache', 'uwsgi_cache', 'scgi_cache'],
    used: /^([^]+)$/u,
  },
] as const;

export const unusedZone: Rule = {
  id: 'style/unused-zone',
  severity: 'info',
  summary: 'a limit or a cache that is made and never used',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    if (!model.whole) return;
    for (const { by, made, uses, used } of ZONES) {
      const items =
        by === 'proxy_cache_path'
          ? uses.flatMap((name) => model.named(name.replace(/_cache$/u, '_cache_path')))
          : model.named(by);
      if (items.length === 0) continue;
      const known = usedNames(model, uses, used);
      for (const item of items) {
        const word = item.directive.words.find(({ value }) => made.test(value));
        const name = made.exec(word?.value ?? '')?.[1];
        if (name === undefined || known.has(keyOf(item, name)) || known.has('$')) continue;
        report(item, `the zone ${name} is never used`, {
          word,
          hint:
            by === 'limit_req_zone'
              ? `limit_req zone=${name}; puts it to use`
              : `${uses.find((use) => by.startsWith(use)) ?? uses[0]} ${name} puts it to use`,
        });
      }
    }
  },
};

/** Names that are used; `$` among them where a variable says which. */
function usedNames(model: Model, uses: readonly string[], used: RegExp): Set<string> {
  const names = new Set<string>();
  for (const item of uses.flatMap((use) => model.named(use)))
    for (const { value } of item.directive.words.slice(1)) {
      const name = used.exec(value)?.[1];
      if (name?.includes('$')) names.add('$');
      else if (name !== undefined) names.add(keyOf(item, name));
    }
  return names;
}

function keyOf({ block }: Item, name: string): string {
  return `${scopeOf(block.context)} ${name}`;
}
