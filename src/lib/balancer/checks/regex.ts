import type { Fault } from '../fault.ts';
import type { Path } from '../place.ts';

/**
 * A fault when a regular expression cannot be one for PCRE: brackets that do not close, a repetition of nothing,
 * a backslash at the end. What PCRE alone can judge is left to `nginx -t`.
 * @param offset where the expression starts inside the text at `path`.
 */
export function regexFault(regex: string, path: Path, offset = 0): Fault[] {
  const at = (index: number, message: string): Fault[] => [
    { path, part: 'key', message: `bad regular expression: ${message} at character ${offset + index + 1}` },
  ];
  const open: number[] = [];
  let repeatable = false;
  for (let index = 0; index < regex.length; index++) {
    const char = regex[index]!;
    if (char === '\\') {
      if (index === regex.length - 1) return at(index, 'a backslash with nothing behind it');
      const quoted = regex.startsWith('\\Q', index) ? regex.indexOf('\\E', index) : -1;
      index = quoted < 0 ? index + 1 : quoted + 1;
      repeatable = true;
    } else if (char === '[') {
      const end = classEnd(regex, index);
      if (end < 0) return at(index, '[ is never closed');
      index = end;
      repeatable = true;
    } else if (char === '(') {
      open.push(index);
      // past the mark of `(?…` and `(*VERB)`, which is no repetition
      if (regex[index + 1] === '?' || regex[index + 1] === '*') index++;
      repeatable = false;
    } else if (char === ')') {
      if (open.pop() === undefined) return at(index, ') without (');
      repeatable = true;
    } else if (char === '*' || char === '+' || char === '?') {
      if (!repeatable) return at(index, `nothing to repeat before ${char}`);
      // a second mark makes it lazy or possessive
      if (regex[index + 1] === '?' || regex[index + 1] === '+') index++;
      repeatable = false;
    } else {
      repeatable = char !== '|';
    }
  }
  const unclosed = open.pop();
  return unclosed === undefined ? [] : at(unclosed, '( is never closed');
}

/** Index of the `]` that ends a class; a `]` right after `[` or `[^` stands for itself. */
function classEnd(regex: string, start: number): number {
  let index = start + (regex[start + 1] === '^' ? 2 : 1);
  if (regex[index] === ']') index++;
  for (; index < regex.length; index++) {
    if (regex[index] === '\\') index++;
    else if (regex.startsWith('[:', index)) index = Math.max(index, regex.indexOf(':]', index + 2) + 1);
    else if (regex[index] === ']') return index;
  }
  return -1;
}
