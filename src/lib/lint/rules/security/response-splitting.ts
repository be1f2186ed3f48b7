import { splitValues } from '../../judgement/clients/header-values.ts';
import { described, type Origin } from '../../model/values/origins.ts';
import { LINE_FEED } from '../../regex/characters.ts';
import type { Rule } from '../../engine/rule.ts';

/**
 * A path is decoded when it is matched: `%0a` has become a line feed in `$uri`, and in what a group took of it. NGINX
 * writes such values into headers as they are.
 */
export const responseSplitting: Rule = {
  id: 'security/response-splitting',
  severity: 'error',
  summary: 'a client can write lines of its own into an answer, or into a request to a server',
  aliases: ['gixy:http_splitting'],
  since: '0.1.0',
  check(context) {
    const found = splitValues(context, (characters) => (characters & LINE_FEED) !== 0n);
    for (const { item, word, origin, server } of found) {
      const where = server ? 'headers of the request to the server' : 'headers of the answer';
      context.report(item, `${described(origin)} can hold a line end: the client writes ${where}`, {
        word,
        hint: hintFor(origin),
      });
    }
  },
};

function hintFor({ variable, through }: Origin): string {
  if (variable === 'remote_user') return 'ask for a password first, with auth_basic, or leave the header out';
  if (through.length > 0)
    return String.raw`let the expression take no line ends, as in ([^/\r\n]+), or use $request_uri, which stays encoded`;
  return variable.endsWith('uri')
    ? 'use $request_uri, which stays encoded'
    : 'leave it out, or look at it with a map first';
}
