import { hasProxyProtocol, Sockets } from '../../model/network/sockets.ts';
import { believesEveryone, realIpOf } from '../../judgement/clients/real-ip.ts';
import type { Rule } from '../../engine/rule.ts';
import { scopeOf } from '../../../nginx/directives/contexts.ts';

export const proxyProtocolFromAnyone: Rule = {
  id: 'security/proxy-protocol-from-anyone',
  severity: 'info',
  summary: 'whoever reaches the port may say by the PROXY protocol which address it has',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    if (!hasProxyProtocol(model)) return;
    const sockets = Sockets.of(model);
    const open = new Set(
      sockets.all
        .filter(({ local, proxyProtocol }) => !local && proxyProtocol)
        .flatMap(({ listeners }) => listeners.map(({ server }) => server)),
    );
    const lines = new Set(
      [...open].flatMap((server) => {
        const stream = scopeOf(server.context) === 'stream';
        if (!stream && realIpOf(server).source !== 'proxy_protocol') return [];
        return believesEveryone(server.effective('set_real_ip_from')) ?? [];
      }),
    );
    for (const line of lines)
      report(line, 'a PROXY protocol header is believed from everyone who reaches the port', {
        word: line.directive.words[1],
        hint: 'name the networks of the balancer, unless nobody else can connect',
      });
  },
};
