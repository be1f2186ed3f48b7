import { addWord } from '../../fixes/fix.ts';
import { hasProxyProtocol, Sockets } from '../../model/network/sockets.ts';
import type { Rule } from '../../engine/rule.ts';

export const mixedProxyProtocol: Rule = {
  id: 'reliability/mixed-proxy-protocol',
  severity: 'warning',
  summary: 'servers of one address do not agree on the PROXY protocol',
  aliases: [],
  since: '0.1.0',
  fixable: true,
  check({ model, report }) {
    if (!hasProxyProtocol(model)) return;
    for (const { proxyProtocol, listeners } of Sockets.of(model).all) {
      if (!proxyProtocol) continue;
      for (const { item, server, parameters } of listeners) {
        if (parameters.includes('proxy_protocol')) continue;
        const { words } = item.directive;
        report(
          item,
          'this listen takes the PROXY protocol, too: another server turns it on for the address',
          {
            word: item === server.item ? undefined : words[1],
            hint: 'write proxy_protocol at both, or give one of them an address of its own',
            related: { message: 'the one that turns it on', item: proxyProtocol.item },
            ...(item === server.item
              ? {}
              : {
                  fix: {
                    title: 'say proxy_protocol',
                    edits: [addWord(item, words.at(-1)!, 'proxy_protocol')],
                  },
                }),
          },
        );
      }
    }
  },
};
