import type { Destination, Route } from '../../model/network/destinations.ts';
import { scopeOf } from '../../../nginx/directives/contexts.ts';
import type { Rule } from '../../engine/rule.ts';

/** NGINX looks a host up for each request where a variable stands in the address, be it in the path alone. */
export const resolverMissing: Rule = {
  id: 'reliability/resolver-missing',
  severity: 'error',
  summary: 'a host has to be looked up for each request, and there is no resolver',
  aliases: ['gixy:missing_resolver'],
  since: '0.1.0',
  check({ model, report }) {
    // the resolver may stand in the blocks around a part
    if (!model.whole) return;
    const fixed = hostsLookedUpAtStart(model.routes);
    const groups = new Set<string>(
      [...model.upstreams.values()].map(({ stream }) => (stream ? 'stream' : 'http')),
    );
    for (const { pass, variable, destinations, open } of model.routes) {
      if (!variable || pass.block.effective('resolver').length > 0) continue;
      const scope = scopeOf(pass.block.context);
      const name = destinations.find((one) => isName(one) && !fixed.has(`${scope} ${one.address!.host}`));
      // a host that the client names is a name, unless upstreams are called as the hosts are
      const host = name?.address?.host ?? (groups.has(scope) ? undefined : open.find(isHostOfClient));
      if (host === undefined) continue;
      report(pass, `requests fail with 502: there is no resolver to look up ${host}`, {
        word: pass.directive.words[1],
        hint: 'NGINX looks it up for each request, as a variable stands here; set resolver with the address of a name server',
      });
    }
  },
};

function isName({ address }: Destination): boolean {
  return address?.family === 'name';
}

function isHostOfClient(authority: string): boolean {
  return /^\$\{?(?:host|http_host)\}?(?::\d+)?$/iu.test(authority);
}

/** Hosts that are named without variables somewhere: their addresses are known from the start. */
function hostsLookedUpAtStart(routes: readonly Route[]): Set<string> {
  const found = new Set<string>();
  for (const { pass, variable, destinations } of routes)
    if (!variable)
      for (const { address } of destinations)
        if (address) found.add(`${scopeOf(pass.block.context)} ${address.host}`);
  return found;
}
