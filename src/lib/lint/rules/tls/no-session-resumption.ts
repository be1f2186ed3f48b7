import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { isTls, Sockets } from '../../model/network/sockets.ts';

export const noSessionResumption: Rule = {
  id: 'tls/no-session-resumption',
  severity: 'info',
  summary: 'each connection goes through the whole handshake',
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    if (!model.whole) return;
    const told = new Set<Item>();
    for (const socket of model.named('ssl_session_tickets').length > 0 ? Sockets.of(model).all : []) {
      // sessions are those of the default server
      const { server } = socket.default;
      const [tickets] = server.effective('ssl_session_tickets');
      if (tickets?.directive.words[1]?.value.toLowerCase() !== 'off' || told.has(tickets)) continue;
      const cache = server.effective('ssl_session_cache')[0]?.directive.words[1]?.value ?? 'none';
      if (!/^(?:none|off)$/u.test(cache) || !isTls(socket, target.version)) continue;
      told.add(tickets);
      report(
        tickets,
        'there are neither tickets nor a cache: clients that come back do the whole handshake again',
        {
          hint: 'add ssl_session_cache shared:SSL:10m; or leave tickets on',
        },
      );
    }
  },
};
