import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const cacheWithoutBuffering: Rule = {
  id: 'performance/cache-without-buffering',
  severity: 'warning',
  summary: 'a cache that nothing is put into, as answers are not buffered',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const told = new Set<Item>();
    for (const kind of ['proxy', 'fastcgi', 'uwsgi', 'scgi']) {
      if (model.named(`${kind}_buffering`).length === 0) continue;
      for (const { block } of model.named(`${kind}_pass`)) {
        const [cache] = block.effective(`${kind}_cache`);
        const [buffering] = block.effective(`${kind}_buffering`);
        if (!cache || cache.directive.words[1]?.value === 'off' || !buffering || told.has(buffering))
          continue;
        if (buffering.directive.words[1]?.value.toLowerCase() !== 'off') continue;
        told.add(buffering);
        report(buffering, `nothing is cached with ${kind}_buffering off`, {
          word: buffering.directive.words[1],
          hint: 'only answers that are buffered are cached; switch one of the two off',
          related: { message: 'the cache', item: cache },
        });
      }
    }
  },
};
