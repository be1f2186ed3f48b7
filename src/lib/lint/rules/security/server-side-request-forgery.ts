import { Context } from '../../../nginx/directives/contexts.ts';
import { hostChoice } from '../../judgement/clients/host-choice.ts';
import type { Block } from '../../model/model.ts';
import { described } from '../../model/values/origins.ts';
import { isInternal } from '../../judgement/clients/redirects.ts';
import type { Rule } from '../../engine/rule.ts';
import { PASSES } from '../../model/network/upstreams.ts';

export const serverSideRequestForgery: Rule = {
  id: 'security/server-side-request-forgery',
  severity: 'error',
  summary: 'the client chooses the host that its request is passed to',
  aliases: ['gixy:ssrf'],
  since: '0.1.0',
  check({ model, report }) {
    for (const name of [...PASSES, 'pass'])
      for (const item of model.named(name)) {
        const word = item.directive.words[1];
        if (!word?.value.includes('$') || isInternal(item) || isRestricted(item.block)) continue;
        const choice = model.variables
          .forms(word.value, item)
          .map((form) => hostChoice(form, 'nginx', () => true))
          .find(Boolean);
        if (!choice) continue;
        const stream = (item.block.context & Context.streamServer) !== 0;
        report(item, `the client chooses the host: ${described(choice.origin)} may be ${choice.text}`, {
          word,
          hint: `choose among known ${stream ? 'servers' : 'hosts'} with a map whose default is none of the client's`,
        });
      }
  },
};

/** Whether only addresses that are named come through, as those of a proxy for one's own. */
function isRestricted(block: Block): boolean {
  return block.effective('deny').some(({ directive }) => directive.words[1]?.value === 'all');
}
