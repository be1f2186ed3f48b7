import { isOn } from '../../model/flags.ts';
import { type Listener, Sockets } from '../../model/network/sockets.ts';
import { isRoot } from '../../model/requests/locations.ts';
import type { Block, Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const misdirectedRequest: Rule = {
  id: 'tls/misdirected-request',
  severity: 'info',
  summary: 'a server that rejects handshakes answers requests that come over connections of others',
  aliases: ['gixy:http2_misdirected_request'],
  since: '0.1.0',
  check({ model, report }) {
    if (model.named('ssl_reject_handshake').length === 0) return;
    const told = new Set<Block>();
    for (const { stream, name, default: first, listeners } of Sockets.of(model).all) {
      const { server } = first;
      if (stream || told.has(server) || !isOn(server, 'ssl_reject_handshake')) continue;
      if (!listeners.some((one) => isShared(one)) || !model.isKnown(server)) continue;
      const answer = answerOf(server);
      if (answer?.directive.words[1]?.value === '421') continue;
      told.add(server);
      const item = answer ?? server.own('ssl_reject_handshake')[0] ?? first.item;
      report(
        item,
        answer
          ? `requests for unknown names come here over open connections to ${name}, and 421 alone tells clients to ask anew`
          : `over open connections to ${name} this server answers requests for unknown names`,
        {
          word: answer?.directive.words[1],
          hint: answer
            ? 'return 421; has the client ask again on a connection of its own'
            : 'add location / { return 421; }: the client asks again on a connection of its own, which is rejected',
        },
      );
    }
  },
};

/** Whether several names may be asked for over one connection: HTTP/2 or HTTP/3. */
function isShared({ parameters, server }: Listener): boolean {
  return parameters.includes('http2') || parameters.includes('quic') || isOn(server, 'http2');
}

/** What answers every request to a server; undefined where nothing stands there for it. */
function answerOf(server: Block): Item | undefined {
  return server.own('return')[0] ?? server.own('location').find(isRoot)?.inner?.own('return')[0];
}
