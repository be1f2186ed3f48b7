import type { Word } from '../../../nginx/syntax/tree.ts';
import type { Item } from '../../model/model.ts';
import type { Origin } from '../../model/values/origins.ts';
import { redirectsOf, isInternal } from './redirects.ts';
import type { RuleContext } from '../../engine/rule.ts';

/** A value of a header that a client can put something into. */
interface Split {
  readonly item: Item;
  readonly word: Word;
  readonly origin: Origin;
  /** Whether it goes to a server, rather than to clients. */
  readonly server: boolean;
}

/** Headers of answers, with the place of their values. */
const ANSWERS = ['add_header', 'add_trailer'];

/** What requests to servers are made of, with the place of the value. */
const REQUESTS = [
  ['proxy_set_header', 2],
  ['proxy_pass', 1],
  ['proxy_method', 1],
] as const;

/** A line end, a name, a colon and a value: with less there is no header. */
const SHORTEST = 8;

/** Values of headers, of answers and of requests to servers, into which a client can put what `wanted` accepts. */
export function* splitValues(
  { model }: RuleContext,
  wanted: (characters: Origin['characters']) => boolean,
): Iterable<Split> {
  const look = (item: Item, word: Word | undefined, server: boolean, escapes = false): Split | undefined => {
    if (!word?.value.includes('$') || isInternal(item)) return undefined;
    const text = escapes ? word.value.replaceAll(/\$[1-9]/gu, '') : word.value;
    const origin = model.variables
      .origins(text, item)
      .find(({ client, characters, longest }) => client && longest >= SHORTEST && wanted(characters));
    return origin && { item, word, origin, server };
  };
  for (const { item, word, escapes } of redirectsOf(model)) {
    const found = look(item, word, false, escapes);
    if (found) yield found;
  }
  for (const name of ANSWERS)
    for (const item of model.named(name)) {
      const found = look(item, item.directive.words[2], false);
      if (found) yield found;
    }
  for (const [name, place] of REQUESTS)
    for (const item of model.named(name)) {
      const found = look(item, item.directive.words[place], true);
      if (found) yield found;
    }
}
