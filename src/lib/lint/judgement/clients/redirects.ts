import type { Word } from '../../../nginx/syntax/tree.ts';
import { redirectOf } from '../../model/requests/answers.ts';
import type { Item, Model } from '../../model/model.ts';

/** An address that a client is sent to. */
export interface Redirect {
  readonly item: Item;
  readonly word: Word;
  /** Whether NGINX escapes what `$1` and its like stand for. */
  readonly escapes: boolean;
}

/** Every `return`, `rewrite` and `error_page` that sends clients to an address with variables. */
export function redirectsOf(model: Model): Redirect[] {
  return ['return', 'rewrite', 'error_page'].flatMap((name) =>
    model.named(name).flatMap((item) => {
      const word = addressOf(item);
      return word?.value.includes('$') ? [{ item, word, escapes: name === 'rewrite' }] : [];
    }),
  );
}

const OTHER_HOST = /^(?:https?:\/\/|\$scheme)/iu;

function addressOf(item: Item): Word | undefined {
  const { name, words } = item.directive;
  const last = name === 'rewrite' ? words[2] : name === 'error_page' ? words.at(-1) : undefined;
  return redirectOf(item) ?? (last && OTHER_HOST.test(last.value) ? last : undefined);
}

/** Whether a place is reached only by what NGINX or a server behind it asks for. */
export function isInternal({ block }: Item): boolean {
  const location = block.directive?.name === 'if' ? block.parent : block;
  return (location?.own('internal').length ?? 0) > 0;
}
