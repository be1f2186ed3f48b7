import { Context } from '../../../nginx/directives/contexts.ts';
import { hstsHeaders } from '../../judgement/tls/hsts.ts';
import type { Block } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { hasTls, Sockets } from '../../model/network/sockets.ts';

export const hstsOverHttp: Rule = {
  id: 'tls/hsts-over-http',
  severity: 'info',
  summary: 'Strict-Transport-Security is sent over plain HTTP, where browsers leave it aside',
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    for (const { item, word } of hstsHeaders(model)) {
      const server = item.block;
      if (server.context !== Context.server || hasTls(model, server, target.version)) continue;
      // where something in front ends TLS, plain servers do not redirect to it
      if (
        !redirects(server) ||
        Sockets.of(model)
          .listeners(server)
          .map((one) => one.socket)
          .some(({ port }) => port === 443)
      )
        continue;
      report(item, 'browsers leave Strict-Transport-Security aside when it comes over plain HTTP', {
        word,
        hint: 'send it from the server that listens with ssl',
      });
    }
  },
};

function redirects(server: Block): boolean {
  return (
    server.own('return').some(({ directive }) => directive.words.at(-1)?.value.startsWith('https://')) ||
    server.own('rewrite').some(({ directive }) => directive.words[2]?.value.startsWith('https://'))
  );
}
