import { isLeftToClients, isUnfiltered, tablesOf } from '../../judgement/clients/forwarded.ts';
import { Sockets } from '../../model/network/sockets.ts';
import type { Rule } from '../../engine/rule.ts';

const HEADER = /^(?:forwarded|x-forwarded-(?:for|proto|host|port|scheme|ssl)|x-real-ip|x-client-ip)$/iu;

export const forwardedForTrust: Rule = {
  id: 'security/forwarded-for-trust',
  severity: 'warning',
  summary: 'what applications are told of the client is what the client wrote',
  aliases: [],
  since: '0.1.0',
  check({ model, behind, report }) {
    if (behind === undefined) return;
    const tables = tablesOf(model);
    const sockets = Sockets.of(model);
    for (const list of ['proxy_set_header', 'grpc_set_header']) {
      for (const item of model.named(list)) {
        const [, name, value] = item.directive.words;
        if (!name || !value || !HEADER.test(name.value) || !sockets.isPublic(item.block)) continue;
        const origin = model.variables
          .origins(value.value, item)
          .find((one) => isLeftToClients(one.variable, behind) && isUnfiltered(one, tables, model));
        if (!origin) continue;
        const what = origin.through.length > 0 ? ` comes from $${origin.variable}` : '';
        report(
          item,
          `${name.value}${what || ` is ${value.value}`}, which nobody in front sets: the client writes what it likes`,
          {
            word: value,
            hint: `write ${/for|ip$/iu.test(name.value) ? '$remote_addr' : ownOf(name.value)}`,
          },
        );
      }
    }
  },
};

/** What NGINX itself knows in place of a header. */
function ownOf(name: string): string {
  if (/host$/iu.test(name)) return '$host';
  return /port$/iu.test(name) ? '$server_port' : '$scheme';
}
