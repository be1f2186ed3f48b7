import type { Rule } from '../../engine/rule.ts';

export const deadAccessRule: Rule = {
  id: 'security/dead-access-rule',
  severity: 'warning',
  summary: 'an allow or a deny that is never looked at',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const block of new Set(model.named('allow').map((item) => item.block))) {
      const [allows, denies] = [block.own('allow'), block.own('deny')];
      if (denies.length === 0) continue;
      const list = [...allows, ...denies].toSorted((a, b) => a.index - b.index);
      const last = list.findIndex(({ directive }) => directive.words[1]?.value === 'all');
      const all = list[last];
      // the first line that fits decides, and this one fits everybody
      const dead = all && list.slice(last + 1).find(({ directive }) => directive.name !== all.directive.name);
      if (!dead) continue;
      const { name, words } = dead.directive;
      const does = all.directive.name === 'allow' ? 'lets everyone in' : 'refuses everyone';
      report(
        dead,
        `${name} ${words[1]?.value ?? ''} is never looked at: ${all.directive.name} all in front of it ${does}`,
        {
          hint: `move it in front of ${all.directive.name} all`,
          related: { message: `${all.directive.name} all`, item: all },
        },
      );
    }
  },
};
