import { renderCaret } from './caret.ts';
import type { Style } from './style.ts';
import { visible, visibleLines } from './visible.ts';
import { InvalidInput, type Problem, type Span, UserError } from '../errors.ts';

/** Columns of an excerpt where there is no terminal. */
const USUAL = 80;

/**
 * The text a person reads when a command fails; `debug` adds the stack.
 * @param columns of the terminal; without end where there is none.
 */
export function renderError(error: unknown, style: Style, debug: boolean, columns = Infinity): string {
  const lines: string[] = [];
  const width = Number.isFinite(columns) ? columns : USUAL;
  if (error instanceof InvalidInput) {
    for (const problem of error.problems) lines.push(...renderProblem(problem, style, width), '');
    lines.push(`${style.red('error:')} ${visibleLines(error.message)}`);
  } else if (error instanceof UserError) {
    if (error.span) lines.push(...renderSpan(error.span, style, width));
    lines.push(`${style.red('error:')} ${visibleLines(error.message)}`);
    for (const line of error.evidence) lines.push(`  ${style.dim('|')} ${visible(line)}`);
    if (error.hint !== undefined) lines.push(`${style.cyan('hint:')} ${visibleLines(error.hint)}`);
  } else {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    lines.push(
      `${style.red('error:')} lbctl met a defect of its own`,
      visibleLines(stack),
      'Please report it with the lines above.',
    );
    return lines.join('\n');
  }
  if (debug && error.stack) lines.push(style.dim(error.stack));
  return lines.join('\n');
}

/** The same error for `--json`. */
export function errorDocument(error: unknown): Record<string, unknown> {
  if (error instanceof InvalidInput) {
    return { ...error.done, error: { code: error.code, message: error.message, problems: error.problems } };
  }
  if (error instanceof UserError) {
    const { code, message, hint, span, evidence } = error;
    return { ...error.done, error: { code, message, hint, span, evidence } };
  }
  return { error: { code: 'defect', message: error instanceof Error ? error.message : String(error) } };
}

function renderProblem({ message, hint, span }: Problem, style: Style, width: number): string[] {
  const where = span ? `${visible(span.file)}:${span.line}:${span.column}: ` : '';
  const lines = [`${style.bold(where)}${visibleLines(message)}`];
  if (span) lines.push(...renderCaret(span, style, width));
  if (hint !== undefined) lines.push(`  ${style.cyan('hint:')} ${visibleLines(hint)}`);
  return lines;
}

function renderSpan(span: Span, style: Style, width: number): string[] {
  return [
    style.bold(`${visible(span.file)}:${span.line}:${span.column}`),
    ...renderCaret(span, style, width),
  ];
}
