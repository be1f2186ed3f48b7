import type { Span } from '../errors.ts';
import type { Style } from './style.ts';
import { visible } from './visible.ts';

/** Longest part of a source line worth showing around the caret. */
const EXCERPT = 100;

/** The source line of a span with a caret under it; nothing where the line is not known. */
export function renderCaret(span: Span, style: Style): string[] {
  if (span.sourceLine === undefined) return [];
  const from = Math.max(0, Math.min(span.column - 1 - EXCERPT / 2, span.sourceLine.length - EXCERPT));
  const text = visible(span.sourceLine.slice(from, from + EXCERPT));
  const start = span.column - 1 - from;
  const end = span.endLine === span.line ? span.endColumn - 1 - from : text.length;
  const width = Math.max(1, Math.min(end, text.length) - start);
  const gutter = String(span.line).padStart(5);
  const pad = text.slice(0, start).replace(/[^\t]/gu, ' ');
  return [
    `${style.dim(`${gutter} |`)} ${text}`,
    `${style.dim('      |')} ${pad}${style.red('^'.repeat(width))}`,
  ];
}
