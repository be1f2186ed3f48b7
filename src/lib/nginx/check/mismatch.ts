import { allowsCount, shapesOf, type Shape } from '../directives/knowledge.ts';
import type { Visit } from './visit.ts';

/** Tells of a directive that has a block and should not, or the other way round. */
export function wrongEnd(visit: Visit): void {
  const { directive, file } = visit;
  const { name, block, code, words, start, end } = directive;
  const open = block?.open ?? code?.open;
  if (open !== undefined) {
    const glued = !/\s/u.test(file.document.text[open - 1] ?? ' ');
    visit.faultAt(
      file,
      'syntax/missing-semicolon',
      `${name} has no block: ; is missing in front of {`,
      open,
      open + 1,
      {
        hint: glued
          ? 'put quotes around a value that holds {, such as a regular expression'
          : `end ${name} with ;`,
      },
    );
    return;
  }
  // what the parser has told already is not told again
  const last = words.at(-1)!;
  if (end === last.start + last.raw.length) return;
  const bare = shapesOf(name).every(({ counts }) => counts === '0');
  visit.faultAt(file, 'syntax/missing-brace', `${name} opens a block: { … } is missing`, start, end, {
    hint: bare ? `write ${name} { … }` : `write ${name} … { … }`,
  });
}

/** Tells of a directive with more or fewer arguments than it takes. */
export function wrongCount(visit: Visit, shape: Shape): void {
  const { name, words } = visit.directive;
  const count = words.length - 1;
  const tooMany = count > leastOf(shape);
  const extra = words
    .slice(1)
    .find((_, index) => index + 1 > leastOf(shape) && !allowsCount(shape, index + 1));
  visit.fault(
    'syntax/argument-count',
    `${name} takes ${countsOf(shape)}, not ${count}`,
    tooMany ? extra : undefined,
    { hint: tooMany ? 'put quotes around a value that holds spaces' : undefined },
  );
}

function leastOf({ counts }: Shape): number {
  return Number(counts[0] ?? 0);
}

function countsOf({ counts }: Shape): string {
  if (counts.endsWith('+')) return `at least ${inWords(Number(counts.slice(0, -1)))}`;
  const numbers = [...counts];
  if (numbers.length < 2) return inWords(Number(counts));
  return `${numbers.slice(0, -1).join(', ')} or ${numbers.at(-1)} arguments`;
}

function inWords(count: number): string {
  if (count === 0) return 'no arguments';
  return count === 1 ? 'one argument' : `${count} arguments`;
}
