import { hstsHeaders } from '../../judgement/tls/hsts.ts';
import type { Rule } from '../../engine/rule.ts';

const DAY = 86_400;

export const hstsTooShort: Rule = {
  id: 'tls/hsts-too-short',
  severity: 'info',
  summary: 'browsers forget soon that a site is to be reached by TLS alone',
  aliases: ['gixy:hsts_header'],
  since: '0.1.0',
  options: { days: { default: 180, summary: 'the shortest max-age that is long enough, in days' } },
  check({ model, number, report }) {
    const days = number('days');
    for (const { item, word, policy } of hstsHeaders(model)) {
      const age = policy?.maxAge;
      // 0 is how it is taken back, and with preload another rule asks for a year
      if (!policy || policy.preload || !age || age >= days * DAY) continue;
      const shown = Math.floor(age / DAY);
      report(
        item,
        `a max-age of ${shown === 1 ? '1 day' : shown < 1 ? 'less than a day' : `${shown} days`} is short`,
        {
          word,
          hint: `who comes back later can be led to plain HTTP; ${days} days are max-age=${days * DAY}`,
        },
      );
    }
  },
};
