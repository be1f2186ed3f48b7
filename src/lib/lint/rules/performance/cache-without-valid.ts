import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const cacheWithoutValid: Rule = {
  id: 'performance/cache-without-valid',
  severity: 'warning',
  summary: 'a cache that nothing is put into, as nobody says for how long',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const told = new Set<Item>();
    for (const kind of ['proxy', 'fastcgi', 'uwsgi', 'scgi']) {
      if (model.named(`${kind}_ignore_headers`).length === 0) continue;
      for (const { block } of model.named(`${kind}_pass`)) {
        const [cache] = block.effective(`${kind}_cache`);
        const [ignored] = block.effective(`${kind}_ignore_headers`);
        if (!cache || cache.directive.words[1]?.value === 'off' || !ignored || told.has(cache)) continue;
        const names = new Set(ignored.directive.words.slice(1).map(({ value }) => value.toLowerCase()));
        if (!['cache-control', 'expires'].every((name) => names.has(name))) continue;
        if (block.effective(`${kind}_cache_valid`).length > 0) continue;
        told.add(cache);
        report(
          cache,
          `nothing is cached: what servers say of that is ignored, and there is no ${kind}_cache_valid`,
          {
            hint: `say for how long, as in ${kind}_cache_valid 200 10m;`,
            related: { message: 'what is ignored', item: ignored },
          },
        );
      }
    }
  },
};
