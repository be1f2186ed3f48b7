import type { Word } from '../syntax/tree.ts';
import { badParameter, shown } from './forms.ts';
import type { Visit } from './visit.ts';

/** Whether a parameter's value is one that NGINX takes. */
type Takes = (value: string, word: Word) => boolean;

/** What a directive's parameters may be: `name=` with a test of the value, or a bare `name`. */
export type Parameters = Readonly<Record<string, Takes | true>>;

/**
 * Reads the parameters from the word `from` on, as NGINX does: what stands behind `name=` is the value.
 * @returns the values by name, an empty text for bare names; undefined where one was refused.
 */
export function readParameters(
  visit: Visit,
  from: number,
  allowed: Parameters,
): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  for (const word of visit.words.slice(from)) {
    const equals = word.value.indexOf('=');
    const name = equals < 0 ? word.value : word.value.slice(0, equals + 1);
    const takes = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (takes === undefined) {
      badParameter(visit, word, Object.keys(allowed));
      return undefined;
    }
    const value = equals < 0 ? '' : word.value.slice(equals + 1);
    if (takes !== true && !takes(value, word)) {
      visit.fault('syntax/value', `${shown(word)} is not a value that ${visit.directive.name} takes`, word);
      return undefined;
    }
    found.set(equals < 0 ? name : name.slice(0, -1), value);
  }
  return found;
}
