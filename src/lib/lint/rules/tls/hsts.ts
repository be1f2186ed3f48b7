import { hstsHeaders } from '../../judgement/tls/hsts.ts';
import type { Block } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

/** What the list of browsers asks for. */
const YEAR = 31_536_000;

export const hsts: Rule = {
  id: 'tls/hsts',
  severity: 'warning',
  summary: 'a Strict-Transport-Security header that browsers leave aside or read in another way',
  aliases: ['gixy:hsts_header'],
  since: '0.1.0',
  check({ model, report }) {
    const seen = new Map<Block, (typeof headers)[number]>();
    const headers = hstsHeaders(model);
    for (const header of headers) {
      const { item, word, policy } = header;
      const before = seen.get(item.block);
      if (before)
        report(item, 'Strict-Transport-Security is sent twice, and browsers heed the first one alone', {
          related: { message: 'the first one', item: before.item },
          hint: 'leave one of them',
        });
      else seen.set(item.block, header);
      if (!policy) continue;
      const [unknown] = policy.unknown;
      if (policy.maxAge === undefined)
        report(
          item,
          'Strict-Transport-Security without a max-age in seconds is no policy: browsers leave it aside',
          {
            word,
            hint: 'write "max-age=31536000", with ; between the parts',
          },
        );
      else if (unknown !== undefined)
        report(item, `no browser knows ${unknown} in Strict-Transport-Security`, {
          word,
          hint: 'the parts are max-age=, includeSubDomains and preload, with ; between them',
        });
      else if (policy.preload && !policy.subDomains)
        report(item, 'preload counts only together with includeSubDomains', { word });
      else if (policy.preload && policy.maxAge < YEAR)
        report(item, `preload counts only with a max-age of a year (${YEAR}) or more`, { word });
    }
  },
};
