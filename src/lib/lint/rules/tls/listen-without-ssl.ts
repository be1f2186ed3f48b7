import { Context } from '../../../nginx/directives/contexts.ts';
import type { Rule } from '../../engine/rule.ts';
import { hasTls, Sockets } from '../../model/network/sockets.ts';

export const listenWithoutSsl: Rule = {
  id: 'tls/listen-without-ssl',
  severity: 'warning',
  summary: 'a server has a certificate, but listens without ssl',
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    // another server of the same address may say ssl for both
    if (!model.whole) return;
    for (const certificate of model.named('ssl_certificate')) {
      const server = certificate.block;
      if (server.context !== Context.server && server.context !== Context.streamServer) continue;
      if (server.own('ssl_certificate')[0] !== certificate || hasTls(model, server, target.version)) continue;
      const [socket] = Sockets.of(model)
        .listeners(server)
        .map((one) => one.socket);
      const item = server.own('listen')[0] ?? server.item;
      if (!socket || !item) continue;
      report(item, `plain text is spoken on ${socket.name}: the certificate is not used`, {
        word: item.directive.name === 'listen' ? item.directive.words[1] : undefined,
        hint: 'write listen 443 ssl;',
        related: { message: 'the certificate', item: certificate },
      });
    }
  },
};
