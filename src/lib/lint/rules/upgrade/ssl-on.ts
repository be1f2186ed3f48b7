import { Context } from '../../../nginx/directives/contexts.ts';
import { atLeast } from '../../../nginx/version.ts';
import { addWord, remove, type Fix } from '../../fixes/fix.ts';
import type { Item, Model } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { Sockets } from '../../model/network/sockets.ts';

export const sslOn: Rule = {
  id: 'upgrade/ssl-on',
  severity: 'warning',
  summary: 'the directive ssl, which NGINX from 1.25.1 on refuses',
  fixable: true,
  aliases: ['nginx-lint:ssl-on-deprecated'],
  since: '0.1.0',
  check({ model, target, report }) {
    if (atLeast(target.version, '1.25.1')) return;
    for (const item of model.named('ssl'))
      report(item, 'NGINX from 1.25.1 on refuses this directive, and does not start', {
        hint: 'write ssl behind the address of each listen that is to speak TLS',
        fix: fixOf(item, model),
      });
  },
};

/** Only what cannot change other servers is done without a person. */
function fixOf(item: Item, model: Model): Fix | undefined {
  const server = item.block;
  const on = item.directive.words[1]?.value.toLowerCase();
  if (server.context !== Context.server || !model.whole || (on !== 'on' && on !== 'off')) return undefined;
  const title = 'write ssl behind listen';
  if (on === 'off')
    return server.parent?.own('ssl').length ? undefined : { title: 'take it out', edits: [remove(item)] };
  const listens = server.own('listen');
  if (
    listens.length === 0 ||
    Sockets.of(model)
      .listeners(server)
      .map((one) => one.socket)
      .some((one) => one.listeners.length > 1)
  )
    return undefined;
  const bare = listens.filter(({ directive }) => !directive.words.some(({ value }) => value === 'ssl'));
  return {
    title,
    edits: [remove(item), ...bare.map((listen) => addWord(listen, listen.directive.words[1]!, 'ssl'))],
  };
}
