import { Context } from '../../../nginx/directives/contexts.ts';
import { type Socket, Sockets } from '../../model/network/sockets.ts';
import { isOff } from '../../model/flags.ts';
import type { Block, Item, Model } from '../../model/model.ts';
import { redirectOf } from '../../model/requests/answers.ts';
import { isRoot, placeOf } from '../../model/requests/locations.ts';
import type { Rule } from '../../engine/rule.ts';
import { PASSES } from '../../model/network/upstreams.ts';

export const absoluteRedirectPort: Rule = {
  id: 'reliability/absolute-redirect-port',
  severity: 'warning',
  summary: 'redirects lead clients to a port that only the balancer knows',
  aliases: [],
  since: '0.1.0',
  options: {
    'front-ports': { default: ['80', '443'], summary: 'ports that the balancer in front listens on' },
  },
  check({ model, behind, list, report }) {
    if (behind === undefined || behind === 'none' || !model.whole) return;
    const ports = new Set(list('front-ports').map(Number));
    const sockets = Sockets.of(model);
    const isInner = ({ local, port }: Socket): boolean => !local && port !== undefined && !ports.has(port);
    // most listen on the ports of the balancer itself
    if (!sockets.all.some((socket) => isInner(socket) && !socket.stream)) return;
    const told = new Set<Block>();
    for (const item of redirects(model)) {
      const where = item.inner ?? item.block;
      const server = where.server;
      if (
        !server ||
        told.has(server) ||
        isOff(where, 'absolute_redirect') ||
        isOff(where, 'port_in_redirect')
      )
        continue;
      const listener = sockets.listeners(server).find(({ socket }) => isInner(socket));
      if (!listener) continue;
      told.add(server);
      report(
        listener.item,
        `redirects lead to port ${listener.socket.port}, which clients of the balancer do not reach`,
        {
          word: listener.item.directive.words[1],
          hint: 'add absolute_redirect off;',
          related: { message: 'such a redirect', item },
        },
      );
    }
  },
};

/** What makes NGINX redirect to an address of its own: to one it is told without a host, or to a path with a slash. */
function redirects(model: Model): Item[] {
  return [
    ...[...model.named('return'), ...model.named('rewrite')].filter(
      (item) => redirectOf(item)?.value.startsWith('/') === true,
    ),
    ...model.named('location').filter(addsSlash),
    ...model.named('index').filter(({ block }) => block.effective('root').length > 0 && isStatic(block)),
  ];
}

function addsSlash(item: Item): boolean {
  const { inner } = item;
  const place = placeOf(item);
  if (!inner || (place?.kind !== 'exact' && place?.kind !== 'prefix')) return false;
  return (
    place.name.length > 1 && place.name.endsWith('/') && PASSES.some((name) => inner.own(name).length > 0)
  );
}

/** Whether folders are served: a server with an index, or its location for everything. */
function isStatic(block: Block): boolean {
  const all = block.context === Context.location ? block : block.own('location').find(isRoot)?.inner;
  if (block.context === Context.location && !(block.item && isRoot(block.item))) return false;
  return !all || ![...PASSES, 'return', 'try_files'].some((name) => all.own(name).length > 0);
}
