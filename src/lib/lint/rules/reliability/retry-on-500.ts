import type { Item } from '../../model/model.ts';
import { settingOf, triesOf } from '../../judgement/upstreams/retries.ts';
import type { Rule } from '../../engine/rule.ts';
import { activeServers, valueOf } from '../../model/network/upstream-servers.ts';
import type { Upstream } from '../../model/network/upstreams.ts';

/** Answers that a request can bring about at each server alike. */
const OF_THE_REQUEST = new Set(['http_500', 'http_429']);

export const retryOn500: Rule = {
  id: 'reliability/retry-on-500',
  severity: 'warning',
  summary: 'one request that always fails takes all servers out',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const told = new Set<Item>();
    const fragile = new Map<Upstream, boolean>();
    const isFragile = (upstream: Upstream): boolean => {
      let answer = fragile.get(upstream);
      if (answer === undefined) fragile.set(upstream, (answer = areFragile(activeServers(upstream))));
      return answer;
    };
    for (const { pass, destinations } of model.routes) {
      const next = settingOf(model, pass, 'next_upstream');
      const word = next?.directive.words.find(({ value }) => OF_THE_REQUEST.has(value));
      if (!next || !word || told.has(next) || triesOf(model, pass) === 1) continue;
      const group = destinations.find(({ upstream }) => upstream && isFragile(upstream))?.upstream;
      if (!group) continue;
      told.add(next);
      const status = word.value.slice('http_'.length);
      report(next, `a request that always ends in ${status} takes out server after server of ${group.name}`, {
        word,
        hint: `each ${status} counts as a failure, and one is enough; raise max_fails of the servers, or remove ${word.value}`,
        related: { message: 'the servers', item: group.item },
      });
    }
  },
};

/** Whether one failure takes each of several servers out for a while. */
function areFragile(servers: readonly Item[]): boolean {
  return (
    servers.length > 1 &&
    servers.every(
      (server) =>
        Number(valueOf(server, 'max_fails') ?? 1) === 1 &&
        !/^0+s?$/u.test(valueOf(server, 'fail_timeout') ?? ''),
    )
  );
}
