import type { Word } from '../syntax/tree.ts';
import type { Visit } from './visit.ts';

/**
 * Reads the variables of a value as NGINX does when it compiles it, and notes their use. A value that NGINX could not
 * compile is a fault.
 * @param options.text what is compiled, where it is not the whole word.
 * @param options.captures whether `$1` is a group of a regular expression; else it is a variable of that name.
 * @returns whether there are variables or captures.
 */
export function variablesIn(
  visit: Visit,
  word: Word,
  options: { readonly text?: string; readonly captures?: boolean } = {},
): boolean {
  const { text = word.value, captures = true } = options;
  if (!text.includes('$')) return false;
  for (let at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at)) {
    at++;
    const first = text[at];
    if (captures && first !== undefined && first >= '1' && first <= '9') continue;
    const braced = first === '{';
    if (braced) at++;
    const name = nameAt(text, at);
    at += name.length;
    if (braced && text[at] !== '}') {
      visit.fault('syntax/variable', `the closing brace of \${${name} is missing`, word, {
        hint: `write \${${name}}`,
      });
      return true;
    }
    if (name === '') {
      visit.fault('syntax/variable', 'there is no name behind $', word, {
        hint: 'NGINX cannot escape $: use a variable that holds it, for example with geo $dollar { default "$"; }',
      });
      return true;
    }
    useVariable(visit, word, name);
    if (braced) at++;
  }
  return true;
}

/** Notes that a variable is used; whether it exists is known when all has been read. */
export function useVariable(visit: Visit, word: Word, name: string): void {
  const key = name.toLowerCase();
  const uses = visit.here.variableUses;
  if (!uses.has(key)) uses.set(key, { site: visit.site, word });
}

function nameAt(text: string, from: number): string {
  let to = from;
  for (; to < text.length; to++) {
    const code = text.charCodeAt(to);
    const part =
      (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
    if (!part) break;
  }
  return text.slice(from, to);
}
