import { shown } from '../../../nginx/check/forms.ts';
import { Context } from '../../../nginx/directives/contexts.ts';
import type { Rule } from '../../engine/rule.ts';

export const unmatchedServerName: Rule = {
  id: 'reliability/unmatched-server-name',
  severity: 'warning',
  summary: 'a server_name that no request can have',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('server_name')) {
      if (item.block.context !== Context.server) continue;
      for (const word of item.directive.words.slice(1)) {
        const problem = problemOf(word.value);
        if (problem)
          report(item, `no request asks for ${shown(word)}: ${problem.why}`, { word, hint: problem.hint });
      }
    }
  },
};

function problemOf(name: string): { readonly why: string; readonly hint: string } | undefined {
  if (name.startsWith('~') || name.startsWith('[') || name === '$hostname') return undefined;
  const [, scheme, host = '', port, path] = /^(\w+:\/\/)?([^:/]*)(:\d+)?(\/[^]*)?$/u.exec(name) ?? [];
  if (scheme !== undefined || port !== undefined || path !== undefined)
    return {
      why: 'names are compared without scheme, port and path',
      hint: `write ${host === '' ? 'the name alone' : host}`,
    };
  if (name.includes(',') || name.includes(';'))
    return {
      why: `the ${name.includes(',') ? 'comma' : 'semicolon'} is part of it`,
      hint: 'put spaces between names',
    };
  if (name.includes('$'))
    return {
      why: 'variables are not looked into here',
      hint: 'write the name itself, or a regular expression behind ~',
    };
  if (/[\\^()|+]/u.test(name))
    return { why: 'without ~ this is no regular expression, but the text itself', hint: `write ~${name}` };
  return undefined;
}
