import { ownGuard } from '../../judgement/clients/guards.ts';
import { handlerOf, isLeft } from '../../model/requests/answers.ts';
import { DEEPEST } from '../../model/requests/locations.ts';
import { locationFor } from '../../model/requests/routing.ts';
import type { Block } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

export const scriptSource: Rule = {
  id: 'security/script-source',
  severity: 'warning',
  summary: 'a script whose source is given to clients, as nothing runs it',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('try_files')) {
      const { block } = item;
      const { server } = block;
      if (!server || !model.isKnown(server)) continue;
      const words = item.directive.words.slice(1);
      for (const [index, word] of words.entries()) {
        const [, path] = /^(\/[^$?]*\.php)(?:\?|\$is_args|$)/u.exec(word.value) ?? [];
        if (path === undefined) continue;
        // what is not the last is looked for as a file, and given where it stands
        const taken = index < words.length - 1 ? block : blockFor(server, path);
        if (!taken || !givesFiles(taken)) continue;
        report(item, `the source of ${path} is given to clients: nothing passes it on to PHP`, {
          word,
          hint: String.raw`add location ~ \.php$ with fastcgi_pass, and have ${path} as the last word here`,
        });
      }
    }
  },
};

function blockFor(server: Block, path: string): Block | undefined {
  const routed = locationFor(server, path, DEEPEST);
  return routed && (routed.location ? routed.location.inner : server);
}

function givesFiles(block: Block): boolean {
  return !handlerOf(block) && !isLeft(block) && !ownGuard(block) && block.own('internal').length === 0;
}
