import { Context } from '../../../nginx/directives/contexts.ts';
import { redirectOf } from '../../model/requests/answers.ts';
import { Sockets } from '../../model/network/sockets.ts';
import { isOn } from '../../model/flags.ts';
import type { Block, Item, Model } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const basicAuthPlain: Rule = {
  id: 'security/basic-auth-plain',
  severity: 'warning',
  summary: 'passwords are asked for over connections without TLS',
  aliases: [],
  since: '0.1.0',
  check({ model, behind, report }) {
    // a balancer in front may be the one that speaks TLS
    if (behind !== 'none') return;
    const servers = model.blocks.filter(({ context }) => context === Context.server);
    for (const item of model.named('auth_basic')) {
      if (item.directive.words[1]?.value.toLowerCase() === 'off') continue;
      const own = item.block.server;
      const plain = (
        own ? [own] : servers.filter((server) => server.effective('auth_basic').includes(item))
      ).find((server) => model.isKnown(server) && isPlain(server, model));
      if (!plain) continue;
      const [listen] = plain.own('listen');
      report(item, 'passwords come in over plain HTTP, and anyone on the way can read them', {
        hint: 'let this server listen with ssl, and another one redirect to it',
        ...(listen ? { related: { message: 'no listen of this server has ssl', item: listen } } : {}),
      });
    }
  },
};

/** Whether a server speaks no TLS, and to others than this machine. */
function isPlain(server: Block, model: Model): boolean {
  if (isOn(server, 'ssl')) return false;
  if (
    server.own('return').length > 0 ||
    server.own('rewrite').some(redirectOf) ||
    server.own('if').some(leadsToTls)
  )
    return false;
  const sockets = Sockets.of(model)
    .listeners(server)
    .map(({ socket }) => socket);
  return sockets.some(({ local }) => !local) && sockets.every(({ ssl }) => !ssl);
}

/** `if ($http_x_forwarded_proto …)` and the like. */
function leadsToTls({ inner }: Item): boolean {
  return (
    inner?.own('return').some(({ directive }) => directive.words.at(-1)!.value.startsWith('https:')) ?? false
  );
}
