import { nearest } from '../../../nearest.ts';
import { scopeOf } from '../../../nginx/directives/contexts.ts';
import type { Rule } from '../../engine/rule.ts';
import { unusedUpstreams } from '../../judgement/upstreams/unused-upstreams.ts';

export const misnamedUpstream: Rule = {
  id: 'reliability/misnamed-upstream',
  severity: 'warning',
  summary: 'a host that is called nearly as an upstream that is not used, or with two of its letters swapped',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const all = [...model.upstreams.values()].filter(({ stream }) => !stream);
    if (all.length === 0) return;
    const unused = unusedUpstreams(model)
      .filter(({ stream }) => !stream)
      .map(({ name }) => name);
    const guess = (authority: string, host: string): string | undefined => {
      const close = nearest(authority, unused);
      if (close !== undefined && !areSiblings(host, close.toLowerCase())) return close;
      return all.find(({ name }) => areSwapped(host, name.toLowerCase()))?.name;
    };
    const guesses = new Map<string, string | undefined>();
    for (const { pass, destinations } of model.routes) {
      // in stream a host without a port is refused
      if (scopeOf(pass.block.context) === 'stream') continue;
      for (const { authority, address, upstream } of destinations) {
        if (upstream || address?.family !== 'name' || address.port !== undefined) continue;
        if (address.host === 'localhost') continue;
        if (!guesses.has(authority)) guesses.set(authority, guess(authority, address.host));
        const meant = guesses.get(authority);
        if (meant === undefined) continue;
        report(pass, `${authority} is no upstream, and NGINX looks for a host of that name`, {
          word: pass.directive.words[1],
          hint: unused.includes(meant)
            ? `the upstream ${meant} is used nowhere: write its name`
            : `did you mean the upstream ${meant}?`,
          related: {
            message: `the upstream ${meant}`,
            item: all.find(({ name }) => name === meant)!.item,
          },
        });
      }
    }
  },
};

/** Whether two neighbouring letters have changed places, which nobody does to tell two names apart. */
function areSwapped(one: string, other: string): boolean {
  if (one.length !== other.length || one.length < 3) return false;
  const at = [...one].findIndex((letter, index) => letter !== other[index]);
  return (
    at >= 0 &&
    /^[a-z]{2}$/u.test(one.slice(at, at + 2)) &&
    one[at] === other[at + 1] &&
    one[at + 1] === other[at] &&
    one.slice(at + 2) === other.slice(at + 2)
  );
}

/** Names that differ in a number, or in their last letter alone, are meant to differ: `app-a` and `app-b`. */
function areSiblings(one: string, other: string): boolean {
  const plain = (name: string): string => name.replaceAll(/\d+/gu, '#');
  return (
    one.length < 4 ||
    plain(one).includes('#') !== plain(other).includes('#') ||
    (one.length === other.length && (one.slice(0, -1) === other.slice(0, -1) || plain(one) === plain(other)))
  );
}
