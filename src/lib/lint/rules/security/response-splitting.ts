import { described, type Origin } from '../../origins.ts';
import { isInternal, redirectsOf } from '../../redirects.ts';
import { CARRIAGE_RETURN, LINE_FEED } from '../../regex/characters.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import type { Item } from '../../model.ts';
import type { Word } from '../../../nginx/syntax/tree.ts';

/** Headers of answers, with the place of their values. */
const ANSWERS = ['add_header', 'add_trailer'];

/** What requests to servers are made of, with the place of the value. */
const REQUESTS = [
  ['proxy_set_header', 2],
  ['proxy_pass', 1],
  ['proxy_method', 1],
] as const;

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
    const { model } = context;
    for (const { item, word, escapes } of redirectsOf(model)) look(context, item, word, { escapes });
    for (const name of ANSWERS)
      for (const item of model.named(name)) look(context, item, item.directive.words[2], {});
    for (const [name, place] of REQUESTS)
      for (const item of model.named(name))
        look(context, item, item.directive.words[place], { server: true });
  },
};

function look(
  { model, report }: RuleContext,
  item: Item,
  word: Word | undefined,
  { escapes = false, server = false }: { readonly escapes?: boolean; readonly server?: boolean },
): void {
  if (!word?.value.includes('$') || isInternal(item)) return;
  // servers are not known to take a carriage return alone for a line end; Chromium does
  const dangerous = server ? LINE_FEED : LINE_FEED | CARRIAGE_RETURN;
  const text = escapes ? word.value.replaceAll(/\$[1-9]/gu, '') : word.value;
  const origin = model.variables
    .origins(text, item)
    .find(({ client, characters }) => client && (characters & dangerous) !== 0n);
  if (!origin) return;
  const end = (origin.characters & LINE_FEED) === 0n ? 'a carriage return' : 'a line end';
  report(
    item,
    `${described(origin)} can hold ${end}: the client writes ${server ? 'headers of the request to the server' : 'headers of the answer'}`,
    {
      word,
      hint: hintFor(origin),
    },
  );
}

function hintFor({ variable, through }: Origin): string {
  if (variable === 'remote_user') return 'ask for a password first, with auth_basic, or leave the header out';
  if (through.length > 0)
    return String.raw`let the expression take no line ends, as in ([^/\r\n]+), or use $request_uri, which stays encoded`;
  return variable.endsWith('uri')
    ? 'use $request_uri, which stays encoded'
    : 'leave it out, or look at it with a map first';
}
