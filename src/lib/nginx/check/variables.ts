import type { Word } from '../syntax/tree.ts';
import { isReadOnly } from '../variables.ts';
import type { Visit } from './visit.ts';

/**
 * Notes that the directive at hand makes a variable. A word that is no variable's name, or the name of one that
 * NGINX itself sets, is a fault.
 */
export function defineVariable(visit: Visit, word: Word, name = word.value): boolean {
  if (!name.startsWith('$')) {
    visit.fault('syntax/variable', `${name === '' ? 'an empty text' : name} is no name of a variable`, word, {
      hint: `write $${name}`,
    });
    return false;
  }
  const key = name.slice(1).toLowerCase();
  if (key === '') {
    visit.fault('syntax/variable', 'there is no name behind $', word);
    return false;
  }
  if (
    visit.scope !== 'mail' &&
    visit.scope !== 'main' &&
    isReadOnly(key, visit.scope, visit.target.version)
  ) {
    visit.fault('syntax/variable', `$${key} is set by NGINX itself and cannot be made anew`, word, {
      hint: 'choose another name',
    });
    return false;
  }
  const { variables } = visit.here;
  if (!variables.has(key)) variables.set(key, visit.site);
  return true;
}
