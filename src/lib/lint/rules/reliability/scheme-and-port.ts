import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { parameterOf, serverAddress } from '../../model/network/upstream-servers.ts';

/** What is spoken, and the port that is known to be for the other thing. */
const WRONG_PORT: Readonly<Record<string, number>> = { https: 80, grpcs: 80, http: 443, grpc: 443 };

export const schemeAndPort: Rule = {
  id: 'reliability/scheme-and-port',
  severity: 'warning',
  summary: 'TLS is spoken to port 80, or plain HTTP to port 443',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const told = new Set<Item>();
    const looked = new Set<string>();
    for (const { pass, destinations } of model.routes)
      for (const { scheme, address, upstream } of destinations) {
        const wrong = WRONG_PORT[scheme];
        if (wrong === undefined) continue;
        const spoken = wrong === 80 ? 'TLS' : 'plain HTTP';
        const related = { message: `what speaks ${spoken} to it`, item: pass };
        if (address?.port === wrong && !told.has(pass)) {
          told.add(pass);
          report(pass, `${spoken} is spoken to port ${wrong} of ${address.host}`, {
            word: pass.directive.words[1],
            hint: wrong === 80 ? 'leave the port away, or write http://' : 'write https://, or another port',
          });
        }
        if (!upstream || looked.has(`${wrong} ${upstream.name}`)) continue;
        looked.add(`${wrong} ${upstream.name}`);
        for (const server of upstream.servers) {
          const at = serverAddress(server);
          if (!at || at.family === 'unix' || (at.port ?? 80) !== wrong || told.has(server)) continue;
          // the ports of services come from DNS
          if (parameterOf(server, 'service')) continue;
          told.add(server);
          const word = server.directive.words[1]!;
          report(server, `${spoken} is spoken to port ${wrong} of ${word.value}`, {
            word,
            hint: hintFor(at.port, wrong, word.value),
            related,
          });
        }
      }
  },
};

function hintFor(port: number | undefined, wrong: number, server: string): string {
  if (port === undefined)
    return `a server without a port has port 80, whatever proxy_pass says: write ${server}:443`;
  return wrong === 80
    ? 'write the port that speaks TLS, or http:// in proxy_pass'
    : 'write https:// in proxy_pass';
}
