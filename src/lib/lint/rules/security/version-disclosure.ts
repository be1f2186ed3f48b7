import { replaceWord } from '../../fixes/fix.ts';
import type { Rule } from '../../engine/rule.ts';

export const versionDisclosure: Rule = {
  id: 'security/version-disclosure',
  severity: 'info',
  summary: 'answers and error pages name the version of NGINX',
  fixable: true,
  aliases: ['gixy:version_disclosure', 'nginx-lint:server-tokens-enabled'],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('server_tokens')) {
      const value = item.directive.words[1];
      if (!value || !/^(?:on|build)$/iu.test(value.value)) continue;
      report(item, 'answers and error pages name the version of NGINX', {
        word: value,
        hint: 'server_tokens off; keeps the version from who looks for known holes',
        fix: { title: 'write off', edits: [replaceWord(item, value, 'off')] },
      });
    }
  },
};
