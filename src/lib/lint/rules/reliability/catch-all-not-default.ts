import { Sockets } from '../../model/network/sockets.ts';
import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const catchAllNotDefault: Rule = {
  id: 'reliability/catch-all-not-default',
  severity: 'warning',
  summary: 'a server that is named _ and does not get what is left over',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const named = new Map(
      model
        .named('server_name')
        .flatMap((item) => (item.directive.words[1]?.value === '_' ? [[item.block, item] as const] : [])),
    );
    if (named.size === 0) return;
    const told = new Set<Item>();
    for (const { stream, name: address, listeners, default: first, hasDefault } of Sockets.of(model).all) {
      for (const { server, item } of stream ? [] : listeners) {
        const name = named.get(server);
        if (!name || server === first.server || told.has(name)) continue;
        told.add(name);
        const own = item === server.item ? address : item.directive.words[1]!.value;
        const why = hasDefault ? 'says default_server' : 'comes first';
        report(
          name,
          `unknown names on ${own} do not come here, but to the server that ${why}: _ is a name like others`,
          {
            word: name.directive.words[1],
            hint: 'add default_server to the listen of this server',
            related: { message: 'the server that gets them', item: first.item },
          },
        );
      }
    }
  },
};
