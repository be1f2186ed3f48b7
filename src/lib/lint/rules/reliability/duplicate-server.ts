import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { parameterOf, serverAddress, valueOf } from '../../model/network/upstream-servers.ts';

export const duplicateServer: Rule = {
  id: 'reliability/duplicate-server',
  severity: 'warning',
  summary: 'an upstream has the same server twice',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const { servers, stream } of model.upstreams.values()) {
      const seen = new Map<string, Item>();
      for (const item of servers) {
        const word = item.directive.words[1];
        const key = parameterOf(item, 'down') ? undefined : keyOf(item, stream);
        if (!word || key === undefined) continue;
        const before = seen.get(key);
        if (!before) seen.set(key, item);
        else
          report(item, `${word.value} is in this upstream twice`, {
            word,
            hint: 'it gets twice its share, and counts its failures apart; say weight= if that is meant',
            related: { message: 'the first one', item: before },
          });
      }
    }
  },
};

/** What makes two lines the same server: in http a server without a port has port 80. */
function keyOf(item: Item, stream: boolean): string | undefined {
  const address = serverAddress(item);
  if (!address) return undefined;
  const { family, host, port = stream || family === 'unix' ? '' : 80 } = address;
  return [family, host, port, valueOf(item, 'service') ?? ''].join(' ');
}
