import type { Item } from '../../model/model.ts';
import { familyOf } from '../../judgement/upstreams/retries.ts';
import type { Rule } from '../../engine/rule.ts';
import type { Upstream } from '../../model/network/upstreams.ts';

export const mixedProtocols: Rule = {
  id: 'reliability/mixed-protocols',
  severity: 'warning',
  summary: 'one upstream is spoken to in two protocols',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const first = new Map<Upstream, { readonly protocol: string; readonly pass: Item }>();
    const told = new Set<Upstream>();
    for (const { pass, destinations } of model.routes)
      for (const { scheme, upstream } of destinations) {
        if (!upstream || upstream.stream || told.has(upstream)) continue;
        const protocol = scheme === '' ? familyOf(pass) : scheme;
        const before = first.get(upstream);
        if (!before) first.set(upstream, { protocol, pass });
        else if (before.protocol !== protocol) {
          const why = whyWrong(upstream, before.protocol, protocol);
          if (why === undefined) continue;
          told.add(upstream);
          report(
            pass,
            `${upstream.name} is spoken to in ${protocol} here and in ${before.protocol} elsewhere`,
            {
              word: pass.directive.words[1],
              hint: why,
              related: { message: 'the other protocol', item: before.pass },
            },
          );
        }
      }
  },
};

function whyWrong({ block }: Upstream, one: string, other: string): string | undefined {
  const shared = block.own('keepalive').some(({ directive }) => {
    const [, count, local] = directive.words;
    return count?.value !== '0' && local?.value !== 'local';
  });
  if (shared)
    return 'keepalive hands a connection of one protocol to requests of the other; make an upstream for each protocol';
  return one.replace(/s$/u, '') === other.replace(/s$/u, '')
    ? 'a port speaks TLS or does not; make an upstream for each, with its ports'
    : undefined;
}
