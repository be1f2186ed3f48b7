import { Context } from '../../../nginx/directives/contexts.ts';
import { placeOf } from '../../model/requests/locations.ts';
import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

/**
 * Directives of which a block that has one of its own has none of the outer ones, with what they are for: without that
 * in the block or below, nothing is lost.
 */
const LISTS: Readonly<Record<string, string | undefined>> = {
  add_header: undefined,
  add_trailer: undefined,
  proxy_set_header: 'proxy_pass',
  grpc_set_header: 'grpc_pass',
  fastcgi_param: 'fastcgi_pass',
  scgi_param: 'scgi_pass',
  uwsgi_param: 'uwsgi_pass',
  proxy_hide_header: 'proxy_pass',
  grpc_hide_header: 'grpc_pass',
  fastcgi_hide_header: 'fastcgi_pass',
  scgi_hide_header: 'scgi_pass',
  uwsgi_hide_header: 'uwsgi_pass',
};

/** Headers that say how a page is to be shown: without a page they say nothing. */
const FOR_PAGES =
  /^(?:x-frame-options|x-xss-protection|(?:content-security|permissions|feature)-policy(?:-report-only)?|cross-origin-(?:opener|embedder)-policy)$/u;

export const lostHeaders: Rule = {
  id: 'reliability/lost-headers',
  severity: 'warning',
  summary: 'a block with headers of its own loses those of the blocks around it',
  aliases: [
    'gixy:add_header_redefinition',
    'gixy:proxy_set_header_redefinition',
    'nginx-lint:add-header-inheritance',
    'nginx-lint:directive-inheritance',
    'nginx-lint:proxy-set-header-inheritance',
  ],
  since: '0.1.0',
  check({ model, report }) {
    for (const [list, need] of Object.entries(LISTS)) {
      const all = model.named(list);
      // one block has nothing to lose from another
      if (all.length < 2) continue;
      const users = need === undefined ? undefined : blocksWith(model.named(need));
      for (const block of new Set(all.map((item) => item.block))) {
        if (!block.parent || block.context === Context.upstream || users?.has(block) === false) continue;
        if (inheritsOtherwise(block, list)) continue;
        const own = block.own(list);
        // one without a name is not sent anyway
        const names = new Set(['', ...own.map(nameOf)]);
        const needless = need === undefined ? needlessIn(block) : undefined;
        const lost = block.parent
          .effective(list)
          .filter((item) => !names.has(nameOf(item)) && !needless?.(nameOf(item)));
        if (lost.length === 0) continue;
        const what = [...new Set(lost.map((item) => item.directive.words[1]?.value))].join(', ');
        const done = list.endsWith('hide_header') ? 'hidden' : 'sent';
        report(own[0]!, `${what} of the outer block ${lost.length === 1 ? 'is' : 'are'} not ${done} here`, {
          hint: `a block with its own ${list} has none of the outer ones: repeat them here, for example by an include`,
          related: { message: 'the first one that is lost', item: lost[0]! },
        });
      }
    }
  },
};

function nameOf({ directive }: Item): string {
  return directive.words[1]?.value.toLowerCase() ?? '';
}

/** Since 1.29.3 a block can be told to add to the outer headers, or to have none of them. */
function inheritsOtherwise(block: Block, list: string): boolean {
  if (list !== 'add_header' && list !== 'add_trailer') return false;
  const [setting] = block.effective(`${list}_inherit`);
  return /^(?:merge|off)$/iu.test(setting?.directive.words[1]?.value ?? '');
}

/** Which headers do nothing on the answers of a block: it has no pages, or no content at all. */
function needlessIn(block: Block): ((name: string) => boolean) | undefined {
  const empty = block
    .own('return')
    .some(({ directive }) => !/^(?:2(?!04)|[45])\d\d$/u.test(directive.words[1]?.value ?? ''));
  if (empty) return (name) => FOR_PAGES.test(name) || name === 'x-content-type-options';
  return isForAssets(block) ? (name) => FOR_PAGES.test(name) : undefined;
}

/** `location ~* \.(?:css|js)$`: what belongs to a page, and is none. */
function isForAssets({ item }: Block): boolean {
  const place = item && placeOf(item);
  return (
    place?.kind === 'regex' &&
    /\\\.\(?(?:\?:)?[\w|?]+\)?\$$/u.test(place.name) &&
    !/html?|php|svg|xml|pdf/u.test(place.name)
  );
}

/** Blocks in which, or in whose inner blocks, one of some directives stands. */
function blocksWith(items: readonly Item[]): Set<Block> {
  const found = new Set<Block>();
  for (const { block } of items)
    for (let one: Block | undefined = block; one && !found.has(one); one = one.parent) found.add(one);
  return found;
}
