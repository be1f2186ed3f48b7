import { Sockets } from '../../model/network/sockets.ts';
import type { Block, Item } from '../../model/model.ts';
import { Context } from '../../../nginx/directives/contexts.ts';
import { namesOf } from '../../model/network/server-names.ts';
import { isRoot } from '../../model/requests/locations.ts';
import type { Rule } from '../../engine/rule.ts';
import { serversWithContent } from '../../model/requests/answers.ts';

const CONDITION = /^\(\s*\$(?:scheme\s+(?:=\s+http|!=\s+https)|https\s+(?:=|!=\s+on))\s*\)$/u;

/** A `rewrite` of all paths. */
const EVERYTHING = /^\^?(?:\/|\/?\(?\.[*+]\)?\$?|\(\/\.\*\)\$?)?$/u;

export const schemeRedirectLoop: Rule = {
  id: 'reliability/scheme-redirect-loop',
  severity: 'warning',
  summary: 'clients are sent to https for ever, as the balancer ends TLS',
  aliases: [],
  since: '0.1.0',
  check({ model, behind, report }) {
    if (behind === undefined || behind === 'none' || !model.whole) return;
    const sockets = Sockets.of(model);
    // where NGINX speaks TLS, https may end here
    if (sockets.all.some(({ ssl, sslOn }) => ssl || sslOn)) return;
    const content = serversWithContent(model);
    const redirects = new Map<Block, Item>();
    for (const server of sockets.servers('http')) {
      const redirect = sockets.isPublic(server) ? redirectOf(server) : undefined;
      if (redirect) redirects.set(server, redirect);
    }
    const serving = [...content].filter((server) => !redirects.has(server));
    if (content.size === 0) return;
    for (const [server, redirect] of redirects) {
      if (serving.some((other) => takesOver(other, server, sockets))) continue;
      report(
        redirect,
        'TLS ends at the balancer, so the request that this sends to https comes back here, and so on',
        {
          hint:
            behind === 'alb'
              ? 'look at $http_x_forwarded_proto, which the balancer sets, or let the balancer redirect'
              : 'redirect from a port of its own, which the balancer passes plain connections to',
        },
      );
    }
  },
};

/** The redirect to https of the same host that every plain request to a server gets. */
function redirectOf(server: Block): Item | undefined {
  const all = server.own('location').find(isRoot);
  return firstAnswer(server, server) ?? (all?.inner && firstAnswer(all.inner, server));
}

function firstAnswer(block: Block, server: Block): Item | undefined {
  for (const item of block.items) {
    const { name, words } = item.directive;
    if (name === 'return') return isLoop(words[2]?.value ?? words[1]?.value, server) ? item : undefined;
    if (name === 'rewrite')
      return EVERYTHING.test(words[1]?.value ?? '') && isLoop(words[2]?.value, server) ? item : undefined;
    const isInIf = block.context === Context.ifInServer || block.context === Context.ifInLocation;
    if (name !== 'if' || isInIf) continue;
    const text = words
      .slice(1)
      .map(({ value }) => value)
      .join(' ');
    // other conditions may let some requests through
    return item.inner && CONDITION.test(text) ? firstAnswer(item.inner, server) : undefined;
  }
  return undefined;
}

function isLoop(target: string | undefined, server: Block): boolean {
  const host = /^https:\/\/([^/:?]+?)(?=\/|\?|\$\{?(?:request_uri|uri|1)\b|$)/iu
    .exec(target ?? '')?.[1]
    ?.toLowerCase();
  if (host === undefined) return false;
  return /^\$\{?(?:host|http_host|server_name)\}?$/u.test(host) || namesOf(server).includes(host);
}

/** Whether another server may be what the balancer passes https to. */
function takesOver(other: Block, server: Block, sockets: Sockets): boolean {
  const own = new Set(sockets.listeners(server).map(({ socket }) => socket));
  const apart = sockets.listeners(other).filter(({ socket }) => !own.has(socket));
  if (apart.some(({ socket }) => socket.default.server === other)) return true;
  const names = new Set(namesOf(server));
  return apart.length > 0 && namesOf(other).some((name) => names.has(name) || /[*~]/u.test(name));
}
