import { atLeast } from '../../../nginx/version.ts';
import type { Rule } from '../../engine/rule.ts';
import { isTls, Sockets } from '../../model/network/sockets.ts';

export const mixedListen: Rule = {
  id: 'tls/mixed-listen',
  severity: 'info',
  summary: 'servers share an address, and only some of them say ssl or http2, which then holds for all',
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    for (const socket of Sockets.of(model).all) {
      if (socket.listeners.length < 2 || !isTls(socket, target.version)) continue;
      const first = socket.listeners.find(({ parameters }) => parameters.includes('http2'));
      const other = first && socket.listeners.find(({ parameters }) => !parameters.includes('http2'));
      if (first && other)
        report(
          first.item,
          `http2 holds for all servers on ${socket.name}, also for those that do not say it`,
          {
            word: first.item.directive.words.find(({ value }) => value === 'http2'),
            hint: atLeast(target.version, '1.25.1')
              ? 'http2 on; in a server is for that server alone'
              : 'say it at each listen of the address, or at none',
            related: { message: 'one that does not say it', item: other.item },
          },
        );
      const bare = socket.listeners.find(
        ({ parameters, server }) =>
          !parameters.includes('ssl') &&
          !parameters.includes('quic') &&
          server !== socket.default.server &&
          server.effective('ssl_certificate').length === 0 &&
          server.effective('ssl').length === 0,
      );
      if (bare && model.whole)
        report(
          bare.item,
          `${socket.name} is TLS by another server, and this one has no certificate of its own`,
          {
            hint: 'its clients are shown the certificate of the default server',
            related: { message: 'the default server', item: socket.default.item },
          },
        );
    }
  },
};
