import { splitValues } from '../../judgement/clients/header-values.ts';
import { described } from '../../model/values/origins.ts';
import { CARRIAGE_RETURN, LINE_FEED } from '../../regex/characters.ts';
import type { Rule } from '../../engine/rule.ts';

/** A dot takes a carriage return, which some clients take for the end of a header. */
export const carriageReturn: Rule = {
  id: 'security/carriage-return',
  severity: 'info',
  summary: 'a client can put a carriage return into a header of the answer',
  aliases: [],
  since: '0.1.0',
  check(context) {
    const alone = (characters: bigint) =>
      (characters & CARRIAGE_RETURN) !== 0n && (characters & LINE_FEED) === 0n;
    for (const { item, word, origin, server } of splitValues(context, alone)) {
      // servers are not known to end a line there
      if (server) continue;
      context.report(
        item,
        `${described(origin)} can hold a carriage return, which ends a header for some clients`,
        {
          word,
          hint: String.raw`let the expression take none, as in ([^\r\n]*), or use $request_uri, which stays encoded`,
        },
      );
    }
  },
};
