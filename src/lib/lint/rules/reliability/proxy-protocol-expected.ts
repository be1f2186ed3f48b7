import { type Socket, Sockets } from '../../model/network/sockets.ts';
import type { Rule, RuleContext } from '../../engine/rule.ts';

export const proxyProtocolExpected: Rule = {
  id: 'reliability/proxy-protocol-expected',
  severity: 'warning',
  summary: 'a listen and the balancer in front do not agree on the PROXY protocol',
  aliases: [],
  since: '0.1.0',
  check(context) {
    const { behind, model } = context;
    if (behind === undefined) return;
    const sockets = Sockets.of(model).all.filter(({ local, udp }) => !local && !udp);
    if (behind === 'nlb-proxy') missing(context, sockets);
    else unexpected(context, sockets);
  },
};

function missing({ model, report }: RuleContext, sockets: readonly Socket[]): void {
  const web = sockets.filter(({ port }) => port === 80 || port === 443);
  const taken = sockets.some(({ proxyProtocol }) => proxyProtocol);
  // other ports may be meant for others: health checks, metrics
  for (const { proxyProtocol, listeners } of web.length > 0 || taken ? web : sockets) {
    const [{ item, server }] = listeners as [Socket['listeners'][number]];
    if (proxyProtocol || (item === server.item && !model.whole)) continue;
    report(item, 'the balancer puts a PROXY protocol header in front, which is not understood here', {
      word: item === server.item ? undefined : item.directive.words[1],
      hint: 'write listen … proxy_protocol',
    });
  }
}

function unexpected({ behind, report }: RuleContext, sockets: readonly Socket[]): void {
  const who = { alb: 'an Application Load Balancer', nlb: 'the balancer', none: 'a client' }[
    behind as string
  ];
  for (const { proxyProtocol } of sockets) {
    if (!proxyProtocol) continue;
    const { words } = proxyProtocol.item.directive;
    report(proxyProtocol.item, `a PROXY protocol header is waited for here, which ${who} does not send`, {
      word: words.find(({ value }) => value === 'proxy_protocol'),
      hint: 'take proxy_protocol out; requests are refused as they are',
    });
  }
}
