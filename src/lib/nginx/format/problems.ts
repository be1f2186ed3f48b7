import type { Problem } from '../../errors.ts';
import { positions } from '../syntax/position.ts';
import type { SyntaxProblem } from '../syntax/tree.ts';

/** What is wrong with a file, each with its line and column. */
export function placed(file: string, text: string, problems: readonly SyntaxProblem[]): Problem[] {
  const positionOf = positions(text);
  return problems.map(({ message, hint, start, end }) => {
    const { line, column } = positionOf(start);
    const stop = positionOf(end);
    const lineEnd = text.indexOf('\n', start);
    const sourceLine = text.slice(start - column + 1, lineEnd < 0 ? text.length : lineEnd);
    const span = { file, line, column, endLine: stop.line, endColumn: stop.column, sourceLine };
    return { message, ...(hint === undefined ? {} : { hint }), span };
  });
}
