import { namesOf } from '../../model/network/server-names.ts';
import { type Socket, Sockets } from '../../model/network/sockets.ts';
import type { Block } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const ipv6LeftOut: Rule = {
  id: 'reliability/ipv6-left-out',
  severity: 'info',
  summary: 'a site that clients with IPv6 do not get to, as another server answers them',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    if (!model.whole) return;
    const sockets = Sockets.of(model).all.filter(({ stream, port }) => !stream && port !== undefined);
    const told = new Set<Block>();
    for (const four of sockets) {
      const six = four.address?.host === '0.0.0.0' ? sixOf(sockets, four) : undefined;
      if (!six) continue;
      const reached = new Set(six.listeners.flatMap(({ server }) => namesOf(server)));
      for (const { item, server } of four.listeners) {
        const missing = namesOf(server).find((name) => isName(name) && !reached.has(name));
        if (missing === undefined || told.has(server) || six.listeners.some((one) => one.server === server))
          continue;
        told.add(server);
        report(
          item,
          `over IPv6 another server answers for ${missing}: this one does not listen on ${six.name}`,
          {
            hint: `add listen ${six.name}, with what stands behind the other listen`,
            related: { message: 'the server that answers', item: six.default.item },
          },
        );
      }
    }
  },
};

/** The socket for all IPv6 addresses of the same port; one that takes IPv4 as well is no other one. */
function sixOf(sockets: readonly Socket[], { port, udp }: Socket): Socket | undefined {
  return sockets.find(
    (socket) =>
      socket.port === port &&
      socket.udp === udp &&
      /^\[(?:::|0(?::0){7})\]:/u.test(socket.name) &&
      !socket.listeners.some(({ parameters }) => parameters.includes('ipv6only=off')),
  );
}

/** Expressions and names that stand for no host are left alone. */
function isName(name: string): boolean {
  return /^[a-z0-9*.-]+$/iu.test(name) && name.includes('.');
}
