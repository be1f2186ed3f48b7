import { Context } from '../../../nginx/directives/contexts.ts';
import type { Rule } from '../../engine/rule.ts';
import { namesIn } from '../../model/values/names-in.ts';

export const lostArguments: Rule = {
  id: 'reliability/lost-arguments',
  severity: 'info',
  summary: 'the arguments of a request are not passed on',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('proxy_pass')) {
      const word = item.directive.words[1];
      if (!word?.value.includes('$') || item.block.context === Context.streamServer) continue;
      // the path behind the host: a part of the path that the client asked for, and nothing with arguments
      const path = /^https?:\/\/[^/]+(\/[^?]*)$/iu.exec(word.value)?.[1];
      if (path === undefined) continue;
      const names = namesIn(path);
      if (names.length === 0 || !names.every((name) => /^[1-9]$/u.test(name))) continue;
      // a rewrite in the same block may put them into what it captures
      if (item.block.own('rewrite').length > 0 || item.block.own('set').length > 0) continue;
      report(item, 'the arguments of the request are not passed on: with a variable here, NGINX adds none', {
        word,
        hint: `add $is_args$args: ${word.value}$is_args$args`,
      });
    }
  },
};
