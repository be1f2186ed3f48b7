import { firstOf, socketsOf } from '../../server-listeners.ts';
import type { Item } from '../../model.ts';
import type { Rule } from '../../rule.ts';

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
    for (const listeners of socketsOf(model)) {
      const { listener, server: first } = firstOf(listeners);
      for (const { server, listener: own } of listeners) {
        const name = named.get(server);
        if (!name || server === first || told.has(name)) continue;
        told.add(name);
        const why = listener.isDefault ? 'says default_server' : 'comes first';
        report(
          name,
          `unknown names on ${own.name} do not come here, but to the server that ${why}: _ is a name like others`,
          {
            word: name.directive.words[1],
            hint: 'add default_server to the listen of this server',
            related: { message: 'the server that gets them', item: listener.item ?? first.item! },
          },
        );
      }
    }
  },
};
