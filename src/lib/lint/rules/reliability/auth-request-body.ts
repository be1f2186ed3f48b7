import { DEEPEST } from '../../model/requests/locations.ts';
import { locationFor } from '../../model/requests/routing.ts';
import type { Item } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

/** The question of `auth_request` has the headers of the request, and never its body. */
export const authRequestBody: Rule = {
  id: 'reliability/auth-request-body',
  severity: 'warning',
  summary: 'a service that is asked about a POST, and waits for a body that does not come',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    const told = new Set<Item>();
    for (const item of model.named('auth_request')) {
      const path = item.directive.words[1]?.value ?? '';
      const { server } = item.block;
      if (!path.startsWith('/') || path.includes('$') || !server) continue;
      const asked = locationFor(server, path.replace(/\?.*$/u, ''), DEEPEST)?.location?.inner;
      const [pass] = asked?.own('proxy_pass') ?? [];
      if (!asked || !pass || told.has(pass)) continue;
      const headers = asked.effective('proxy_set_header');
      if (headers.some(({ directive: { words } }) => words[1]?.value.toLowerCase() === 'content-length'))
        continue;
      told.add(pass);
      report(pass, 'with a POST this is told of a body, and none is sent: it may wait for it in vain', {
        hint: 'add proxy_pass_request_body off; proxy_set_header Content-Length "";',
        related: { message: 'what asks', item },
      });
    }
  },
};
