import type { Word } from '../syntax/tree.ts';
import { checkPattern } from '../regex/pattern.ts';
import { defineVariable } from './variables.ts';
import type { Visit } from './visit.ts';

/**
 * Checks a regular expression and notes the variables that its named groups make, where they make any.
 * @returns the number of groups, or undefined where PCRE would refuse the expression.
 */
export function useRegularExpression(
  visit: Visit,
  word: Word,
  pattern: string,
  { variables = true }: { readonly variables?: boolean } = {},
): number | undefined {
  const result = checkPattern(pattern);
  if ('problem' in result) {
    visit.fault('syntax/regex', `${result.problem} in the regular expression ${cut(pattern)}`, word, {
      hint: result.hint,
    });
    return undefined;
  }
  if (!variables) return result.groups;
  for (const name of result.names) if (!defineVariable(visit, word, `$${name}`)) return undefined;
  return result.groups;
}

function cut(pattern: string): string {
  return pattern.length > 60 ? `${pattern.slice(0, 57)}…` : pattern;
}
