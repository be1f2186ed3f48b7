import { scopeOf } from '../../../nginx/directives/contexts.ts';
import type { Word } from '../../../nginx/syntax/tree.ts';
import type { Model } from '../../model/model.ts';
import { authorityOf, type Upstream } from '../../model/network/upstreams.ts';

/**
 * Upstreams that surely nothing leads to; none in a part, as others may use them. A name that stands anywhere else as
 * a word counts as a use, and so does any way that only a request tells.
 */
export function unusedUpstreams(model: Model): Upstream[] {
  if (!model.whole) return [];
  const candidates = new Set([...model.upstreams.values()].filter(({ users }) => users.length === 0));
  if (candidates.size === 0) return [];
  const open = new Set<string>();
  for (const { pass, destinations, open: unknown } of model.routes) {
    if (unknown.length > 0) open.add(scopeOf(pass.block.context));
    for (const { upstream } of destinations) if (upstream) candidates.delete(upstream);
  }
  if (candidates.size === 0) return [];
  const named = wordsOf(model);
  return [...candidates].filter(
    ({ name, stream }) => !open.has(stream ? 'stream' : 'http') && !named.has(name.toLowerCase()),
  );
}

/** All that could name an upstream: whole words, hosts in addresses, and the words of program text. */
function wordsOf(model: Model): Set<string> {
  const found = new Set<string>();
  const add = ({ value }: Word): void => {
    found.add(value.toLowerCase());
    if (value.includes('://')) found.add(authorityOf(value).authority.toLowerCase());
  };
  for (const item of model.items) {
    const { name, words, code, block } = item.directive;
    for (const word of code?.text.match(/[\w.-]+/gu) ?? []) found.add(word.toLowerCase());
    // zones are called as their upstreams
    if (name === 'upstream' || name === 'zone' || name === 'server' || name === 'server_name') continue;
    for (const word of words.slice(1)) add(word);
    if (block && !item.inner)
      for (const { directive } of model.rows(item)) for (const word of directive.words) add(word);
  }
  return found;
}
