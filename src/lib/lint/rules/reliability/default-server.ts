import { addWord } from '../../fixes/fix.ts';
import { Sockets } from '../../model/network/sockets.ts';
import { namesOf } from '../../model/network/server-names.ts';
import type { Block } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const defaultServer: Rule = {
  id: 'reliability/default-server',
  severity: 'info',
  summary: 'which server answers unknown names depends on the order of files',
  fixable: true,
  aliases: ['gixy:default_server_flag'],
  since: '0.1.0',
  check({ model, report }) {
    // the default may stand in another file
    if (!model.whole) return;
    for (const { stream, name, listeners, default: first, hasDefault } of Sockets.of(model).all) {
      const { item, server } = first;
      if (stream || hasDefault || listeners.length < 2 || isForAll(server)) continue;
      const listens = item !== server.item;
      const word = listens ? item.directive.words.at(-1) : undefined;
      report(
        item,
        `names that no server of ${listens ? item.directive.words[1]!.value : name} has are for ${nameOf(server)}, as it comes first`,
        {
          hint: 'add default_server to the listen of the server that is to answer them',
          ...(word
            ? {
                fix: {
                  title: 'say what NGINX does',
                  edits: [addWord(item, word, 'default_server')],
                },
              }
            : {}),
        },
      );
    }
  },
};

/** Whether a server says itself that it is for whatever comes: it has no name, or one that cannot be asked for. */
function isForAll(server: Block): boolean {
  const names = namesOf(server);
  return (
    names.length === 0 ||
    names.some((name) => name === '_' || name === '' || /^~\^?(?:\.[*+]?)?\$?$/u.test(name))
  );
}

function nameOf(server: Block): string {
  return server.own('server_name')[0]?.directive.words[1]?.value ?? 'the first server';
}
