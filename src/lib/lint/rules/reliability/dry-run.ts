import type { Rule } from '../../engine/rule.ts';

export const dryRun: Rule = {
  id: 'reliability/dry-run',
  severity: 'info',
  summary: 'a limit that counts and refuses nobody',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const name of ['limit_req_dry_run', 'limit_conn_dry_run'])
      for (const item of model.named(name)) {
        const word = item.directive.words[1];
        if (word?.value.toLowerCase() !== 'on') continue;
        report(item, `the limits here refuse nobody: ${name} is on`, {
          word,
          hint: 'switch it off once the log shows that the limit fits',
        });
      }
  },
};
