import { nearest } from '../../../nearest.ts';
import { scopeOf } from '../../../nginx/directives/contexts.ts';
import type { Rule } from '../../engine/rule.ts';
import { unusedUpstreams } from '../../judgement/upstreams/unused-upstreams.ts';

export const misnamedUpstream: Rule = {
  id: 'reliability/misnamed-upstream',
  severity: 'warning',
  summary: 'an upstream is not used, and a host is called nearly as it is',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const unused = unusedUpstreams(model);
    if (unused.length === 0) return;
    const names = unused.filter(({ stream }) => !stream).map(({ name }) => name);
    const guesses = new Map<string, string | undefined>();
    const guess = (authority: string): string | undefined => {
      if (!guesses.has(authority)) guesses.set(authority, nearest(authority, names));
      return guesses.get(authority);
    };
    for (const { pass, destinations } of model.routes) {
      // in stream a host without a port is refused
      if (scopeOf(pass.block.context) === 'stream') continue;
      for (const { authority, address } of destinations) {
        if (address?.family !== 'name' || address.port !== undefined || address.host === 'localhost')
          continue;
        const meant = guess(authority);
        if (meant === undefined || areSiblings(address.host, meant.toLowerCase())) continue;
        const { item } = unused.find(({ name, stream }) => name === meant && !stream)!;
        report(pass, `${authority} is no upstream, and NGINX looks for a host of that name`, {
          word: pass.directive.words[1],
          hint: `the upstream ${meant} is used nowhere: write its name`,
          related: { message: `the upstream ${meant}`, item },
        });
      }
    }
  },
};

/** Names that differ in a number, or in their last letter alone, are meant to differ: `app-a` and `app-b`. */
function areSiblings(one: string, other: string): boolean {
  const plain = (name: string): string => name.replaceAll(/\d+/gu, '#');
  return (
    one.length < 4 ||
    plain(one).includes('#') !== plain(other).includes('#') ||
    (one.length === other.length && (one.slice(0, -1) === other.slice(0, -1) || plain(one) === plain(other)))
  );
}
