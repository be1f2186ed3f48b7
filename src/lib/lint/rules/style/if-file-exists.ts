import type { Block } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { PASSES } from '../../model/network/upstreams.ts';

export const ifFileExists: Rule = {
  id: 'style/if-file-exists',
  severity: 'info',
  summary: 'an if looks for a file, as try_files does',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('if')) {
      const { directive, inner } = item;
      const words = directive.words.slice(1).map(({ value }) => value);
      // a file of a fixed name is a switch, such as for maintenance, and no affair of try_files
      const [, test] =
        /^\(\s*(!?-[fde])\s.*\$(?:request_filename|document_root|uri)\b(?!.*\$fastcgi_)/u.exec(
          words.join(' '),
        ) ?? [];
      if (test === undefined || !inner || !leadsOn(inner)) continue;
      report(item, `try_files looks for a file without an if (${test} …)`, {
        hint: 'write try_files $uri and behind it what comes where there is no such file',
      });
    }
  },
};

function leadsOn(inner: Block): boolean {
  return ['rewrite', ...PASSES].some((name) => inner.own(name).length > 0);
}
