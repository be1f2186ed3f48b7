import { hostChoice } from '../../judgement/clients/host-choice.ts';
import { described, type Origin } from '../../model/values/origins.ts';
import { isInternal, redirectsOf } from '../../judgement/clients/redirects.ts';
import type { Rule } from '../../engine/rule.ts';

/** What stands in a link, unlike headers and cookies, which only the visitor's own browser writes. */
const IN_LINKS = /^(?:arg_.*|args|query_string|request_uri|uri|document_uri)$/u;

export const openRedirect: Rule = {
  id: 'security/open-redirect',
  severity: 'warning',
  summary: 'a link to this server leads wherever its author wants',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const { item, word } of redirectsOf(model)) {
      if (isInternal(item)) continue;
      const choice = model.variables
        .forms(word.value, item)
        .map((form) => hostChoice(form, 'browser', isInLinks))
        .find(Boolean);
      if (!choice) continue;
      report(
        item,
        `a link to this server leads anywhere: ${described(choice.origin)} may be ${choice.text}`,
        {
          word,
          hint: /^[.@x]/u.test(choice.text)
            ? 'put a slash between the host and the rest'
            : 'redirect to paths of this server, or choose among known addresses with a map',
        },
      );
    }
  },
};

function isInLinks({ variable }: Origin): boolean {
  return IN_LINKS.test(variable);
}
