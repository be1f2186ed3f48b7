import { guardFinder } from '../../judgement/clients/guards.ts';
import { Sockets } from '../../model/network/sockets.ts';
import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

/** Directives that answer with the state of this NGINX; those of NGINX Plus and of two usual modules among them. */
const PAGES = [
  'stub_status',
  'api',
  'status',
  'upstream_conf',
  'vhost_traffic_status_display',
  'check_status',
];

export const statusPageOpen: Rule = {
  id: 'security/status-page-open',
  severity: 'warning',
  summary: 'everyone can see how busy NGINX is, or change its upstreams',
  aliases: ['gixy:status_page_exposed'],
  since: '0.1.0',
  check({ model, report }) {
    // what keeps strangers out may stand in another file
    if (!model.whole) return;
    const guardOf = guardFinder(model);
    const sockets = Sockets.of(model);
    for (const name of PAGES)
      for (const page of model.named(name)) {
        const server = page.block.server;
        if (
          !server ||
          !sockets.isPublic(server) ||
          page.block.own('internal').length > 0 ||
          guardOf(page.block)
        )
          continue;
        const what = changes(page) ? 'can change the upstreams' : 'can see the state of this NGINX';
        report(page, `whoever reaches this server ${what}: ${name} is open to all`, {
          hint: 'add allow for those who need it and deny all; or let the server listen on 127.0.0.1',
        });
      }
  },
};

function changes({ directive }: Item): boolean {
  return (
    directive.name === 'upstream_conf' ||
    (directive.name === 'api' && directive.words.some(({ value }) => value === 'write=on'))
  );
}
