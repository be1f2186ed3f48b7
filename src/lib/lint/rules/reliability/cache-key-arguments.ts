import { namesIn } from '../../model/values/names-in.ts';
import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const cacheKeyArguments: Rule = {
  id: 'reliability/cache-key-arguments',
  severity: 'info',
  summary: 'a cache that does not tell /list?page=1 from /list?page=2',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const told = new Set<Item>();
    for (const kind of ['proxy', 'fastcgi', 'uwsgi', 'scgi']) {
      if (model.named(`${kind}_cache_key`).length === 0) continue;
      for (const { block } of model.named(`${kind}_pass`)) {
        const [cache] = block.effective(`${kind}_cache`);
        const [key] = block.effective(`${kind}_cache_key`);
        if (!cache || cache.directive.words[1]?.value === 'off' || !key || told.has(key)) continue;
        const names = namesIn(key.directive.words[1]?.value ?? '');
        if (!names.includes('uri') && !names.includes('document_uri')) continue;
        if (!names.every((name) => WITHOUT.has(name)) || looksAtArguments(block, kind)) continue;
        told.add(key);
        report(
          key,
          'whoever asks for /list?page=2 gets /list?page=1: the key of the cache has no arguments',
          {
            word: key.directive.words[1],
            hint: 'write $request_uri, or add $is_args$args',
          },
        );
      }
    }
  },
};

/** Variables that are the same whatever the arguments are; others may hold them. */
const WITHOUT = new Set(
  'scheme https host http_host server_name server_port request_method uri document_uri proxy_host proxy_port slice_range'.split(
    ' ',
  ),
);

/** Whether requests with arguments are kept from the cache. */
function looksAtArguments(block: Block, kind: string): boolean {
  return [`${kind}_cache_bypass`, `${kind}_no_cache`].some((name) =>
    block
      .effective(name)
      .some(({ directive: { words } }) =>
        words.some(({ value }) => namesIn(value).some((one) => !/^(?:http|cookie)_/u.test(one))),
      ),
  );
}
