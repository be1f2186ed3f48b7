import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

const KINDS = ['proxy', 'fastcgi', 'uwsgi', 'scgi'];

export const cachedCookies: Rule = {
  id: 'security/cached-cookies',
  severity: 'warning',
  summary: 'the session of one client is cached, and given to all',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const told = new Set<Item>();
    for (const kind of KINDS) {
      if (model.named(`${kind}_ignore_headers`).length === 0) continue;
      for (const { block } of model.named(`${kind}_pass`)) {
        const [cache] = block.effective(`${kind}_cache`);
        if (!cache || cache.directive.words[1]?.value === 'off') continue;
        const ignoring = block
          .effective(`${kind}_ignore_headers`)
          .find((item) => item.directive.words.some(({ value }) => value.toLowerCase() === 'set-cookie'));
        if (!ignoring || told.has(ignoring) || isGuarded(block, kind)) continue;
        told.add(ignoring);
        report(ignoring, 'answers that set a cookie are cached, and the cookie is sent to everyone', {
          word: ignoring.directive.words.find(({ value }) => value.toLowerCase() === 'set-cookie'),
          hint: `add ${kind}_hide_header Set-Cookie; or leave Set-Cookie out here`,
          related: { message: 'the cache', item: cache },
        });
      }
    }
  },
};

/** Whether cookies do not get into the cache, or each client has entries of its own. */
function isGuarded(block: Block, kind: string): boolean {
  const hidden = block
    .effective(`${kind}_hide_header`)
    .some(({ directive }) => directive.words[1]?.value.toLowerCase() === 'set-cookie');
  const key = block.effective(`${kind}_cache_key`)[0]?.directive.words[1]?.value ?? '';
  return hidden || block.effective(`${kind}_no_cache`).length > 0 || /cookie|auth|session|user/iu.test(key);
}
