import { Sockets } from '../../model/network/sockets.ts';
import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

/** Headers by which applications learn how the client came, and what the balancer says instead of NGINX. */
const TOLD: Readonly<Record<string, readonly [own: RegExp, theirs: string]>> = {
  'x-forwarded-proto': [/^\$\{?scheme\}?$/iu, '$http_x_forwarded_proto'],
  'x-forwarded-scheme': [/^\$\{?scheme\}?$/iu, '$http_x_forwarded_proto'],
  'x-scheme': [/^\$\{?scheme\}?$/iu, '$http_x_forwarded_proto'],
  'x-forwarded-port': [/^\$\{?server_port\}?$/iu, '$http_x_forwarded_port'],
};

export const lostScheme: Rule = {
  id: 'reliability/lost-scheme',
  severity: 'warning',
  summary: 'applications are told http, though the client speaks https to the balancer',
  aliases: [],
  since: '0.1.0',
  check({ model, behind, report }) {
    if (behind !== 'alb' || !model.whole) return;
    const sockets = Sockets.of(model);
    // with TLS in NGINX, too, the balancer may pass each scheme to a port of its own
    if (sockets.all.some(({ stream, local, ssl, sslOn }) => (ssl || sslOn) && !stream && !local)) return;
    const seen = new Set<readonly Item[]>();
    const told = new Set<Item>();
    for (const [pass, list] of [
      ['proxy_pass', 'proxy_set_header'],
      ['grpc_pass', 'grpc_set_header'],
    ] as const) {
      for (const { block } of model.named(pass)) {
        const headers = block.effective(list);
        if (seen.has(headers) || !sockets.isPublic(block)) continue;
        seen.add(headers);
        for (const item of headers) {
          const [, name, value] = item.directive.words;
          const [own, theirs] = TOLD[name?.value.toLowerCase() ?? ''] ?? [];
          if (!value || !own?.test(value.value) || told.has(item)) continue;
          told.add(item);
          report(item, `${name!.value} is ${value.value}, which is how the balancer came, not the client`, {
            word: value,
            hint: `write ${theirs}, which the balancer sets`,
          });
        }
      }
    }
  },
};
