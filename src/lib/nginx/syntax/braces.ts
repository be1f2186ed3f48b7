import { positions } from './position.ts';
import type { Directive, SyntaxProblem } from './tree.ts';

/** A brace that is missing or one too many. */
export type BraceFault =
  | { readonly kind: 'stray'; readonly start: number }
  | {
      readonly kind: 'unclosed';
      readonly directive: Directive;
      /** Offset of the opening brace. */
      readonly open: number;
      /** Where the closing brace belongs. */
      readonly at: number;
    };

/** The faults in words, each at the place that lacks the brace or has it too much. */
export function braceProblems(text: string, faults: readonly BraceFault[]): SyntaxProblem[] {
  if (faults.length === 0) return [];
  const lineOf = positions(text);
  return faults.map((fault) => {
    if (fault.kind === 'stray') {
      return {
        rule: 'syntax/unexpected',
        message: 'unexpected }: no block is open here',
        hint: 'remove it, or look for a missing { or a } too many above',
        start: fault.start,
        end: fault.start + 1,
      };
    }
    const name = fault.directive.words
      .map(({ raw }) => raw)
      .join(' ')
      .replaceAll(/\s+/gu, ' ')
      .slice(0, 60);
    const { line } = lineOf(fault.open);
    return {
      rule: 'syntax/missing-brace',
      message: `} is missing here: the block of ${name} that starts on line ${line} is not closed`,
      hint: `close the block of ${name} with }`,
      start: fault.at,
      end: fault.at,
      related: { message: `this { is never closed`, start: fault.open },
    };
  });
}
