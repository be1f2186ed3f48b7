import type { Word } from '../../../nginx/syntax/tree.ts';
import type { Item, Model } from '../../model/model.ts';

/** A `Strict-Transport-Security` header that is added. */
interface Hsts {
  readonly item: Item;
  readonly word: Word;
  /** Undefined where the value has variables. */
  readonly policy: Policy | undefined;
}

/** What the header says. */
interface Policy {
  /** In seconds; undefined where it is missing or no number. */
  readonly maxAge: number | undefined;
  readonly subDomains: boolean;
  readonly preload: boolean;
  /** Parts that no browser knows. */
  readonly unknown: readonly string[];
}

/** Every place that adds the header; empty values add none. */
export function hstsHeaders(model: Model): Hsts[] {
  return model.named('add_header').flatMap((item) => {
    const [, name, word] = item.directive.words;
    if (name?.value.toLowerCase() !== 'strict-transport-security' || !word?.value) return [];
    return [{ item, word, policy: word.value.includes('$') ? undefined : policyOf(word.value) }];
  });
}

function policyOf(value: string): Policy {
  const parts = value
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const has = (name: string): boolean => parts.some((part) => part.toLowerCase() === name);
  const age = parts.map((part) => /^max-age\s*=\s*(?:"(\d+)"|(\d+))$/iu.exec(part)).find(Boolean);
  return {
    maxAge: age ? Number(age[1] ?? age[2]) : undefined,
    subDomains: has('includesubdomains'),
    preload: has('preload'),
    unknown: parts.filter((part) => !/^(?:max-age\s*=.*|includesubdomains|preload)$/iu.test(part)),
  };
}
