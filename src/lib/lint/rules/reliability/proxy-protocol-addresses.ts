import { insertBehind } from '../../fixes/fix.ts';
import { isOn } from '../../model/flags.ts';
import { hasProxyProtocol, type Listener, Sockets } from '../../model/network/sockets.ts';
import type { Block, Item, Model } from '../../model/model.ts';
import { realIpOf } from '../../judgement/clients/real-ip.ts';
import type { Rule, RuleContext } from '../../engine/rule.ts';
import { serversWithContent } from '../../model/requests/answers.ts';

export const proxyProtocolAddresses: Rule = {
  id: 'reliability/proxy-protocol-addresses',
  severity: 'warning',
  summary: 'the PROXY protocol brings the addresses of clients, and nobody takes them',
  aliases: [],
  since: '0.1.0',
  fixable: true,
  check(context) {
    // what is missing may stand in another part
    if (!context.model.whole) return;
    if (hasProxyProtocol(context.model)) notTaken(context);
    for (const header of context.model.named('real_ip_header')) neverThere(context, header);
  },
};

function notTaken({ model, report }: RuleContext): void {
  const sockets = Sockets.of(model);
  const proxied = sockets.all.filter(({ proxyProtocol }) => proxyProtocol);
  const content = serversWithContent(model);
  const taking = new Set(model.named('set_real_ip_from').map(({ block }) => block.server));
  const told = new Set<Item>();
  for (const socket of proxied) {
    const lost = socket.listeners.find(
      ({ server }) =>
        server.effective('set_real_ip_from').length === 0 &&
        !taking.has(server) &&
        (socket.stream ? looksAtAddresses(server, model) : content.has(server)),
    );
    if (lost && !readsHeader(model)) {
      report(
        lost.item,
        'whoever connects here is taken for the balancer: nobody takes the address from the PROXY protocol',
        {
          word: lost.item.directive.words.find(({ value }) => value === 'proxy_protocol'),
          hint: socket.stream
            ? 'add set_real_ip_from with the networks of the balancer'
            : 'add set_real_ip_from with the networks of the balancer, and real_ip_header proxy_protocol;',
        },
      );
    }
    for (const { server } of socket.stream ? [] : socket.listeners) {
      const { trusted, header } = realIpOf(server);
      const last = trusted.at(-1);
      if (!last || header || told.has(last)) continue;
      told.add(last);
      report(
        last,
        'the address is taken from X-Real-IP, which the client can write, not from the PROXY protocol',
        {
          hint: 'add real_ip_header proxy_protocol;',
          related: { message: 'who listens', item: socket.proxyProtocol!.item },
          ...(allProxied(last.block, sockets)
            ? {
                fix: {
                  title: 'add real_ip_header proxy_protocol;',
                  edits: [insertBehind(last, 'real_ip_header proxy_protocol;')],
                },
              }
            : {}),
        },
      );
    }
  }
}

/** Whether all servers that a block holds for, or that it stands in, have the PROXY protocol. */
function allProxied(block: Block, sockets: Sockets): boolean {
  const server = block.server;
  const isProxied = ({ socket }: Listener): boolean => socket.proxyProtocol !== undefined;
  return (server ? [server] : sockets.servers('http')).every((one) =>
    sockets.listeners(one).every(isProxied),
  );
}

/** Whether it matters to a server of stream who its client is. */
function looksAtAddresses(server: Block, model: Model): boolean {
  if (isOn(server, 'proxy_protocol')) return true;
  if (server.effective('access_log').some(({ directive }) => directive.words[1]?.value !== 'off'))
    return true;
  if (['allow', 'deny', 'limit_conn'].some((name) => server.effective(name).length > 0)) return true;
  const group = server.own('proxy_pass')[0]?.directive.words[1]?.value.toLowerCase();
  const hash = group === undefined ? undefined : model.upstream(group, server)?.block.own('hash')[0];
  return hash?.directive.words[1]?.value.includes('remote_addr') ?? false;
}

/** Whether the configuration itself reads what the PROXY protocol brings. */
function readsHeader(model: Model): boolean {
  const isNamed = (text: string): boolean => text.includes('proxy_protocol_addr');
  return model.items.some(
    ({ directive: { words, code } }) =>
      words.some(({ value }) => isNamed(value)) || isNamed(code?.text ?? ''),
  );
}

function neverThere({ model, report }: RuleContext, header: Item): void {
  const word = header.directive.words[1];
  if (word?.value.toLowerCase() !== 'proxy_protocol') return;
  const sockets = Sockets.of(model);
  const inside = header.block.server;
  const servers = inside
    ? [inside]
    : sockets.servers('http').filter((server) => server.effective('real_ip_header')[0] === header);
  const listeners = servers.flatMap((server) => sockets.listeners(server));
  if (listeners.length === 0 || listeners.some(({ socket }) => socket.proxyProtocol)) return;
  report(header, 'no listen here takes the PROXY protocol, so that no address is ever replaced', {
    word,
    hint: 'write listen … proxy_protocol, if what stands in front sends it',
  });
}
