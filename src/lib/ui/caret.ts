import type { Span } from '../errors.ts';
import type { Style } from './style.ts';
import { visible } from './visible.ts';

/** Columns in front of the source line. */
const GUTTER = 8;

/** The source line of a span with a caret under it; nothing where the line is not known. */
export function renderCaret(span: Span, style: Style, width: number): string[] {
  if (span.sourceLine === undefined) return [];
  const room = Math.max(20, width - GUTTER);
  const from = Math.max(0, Math.min(span.column - 1 - Math.floor(room / 2), span.sourceLine.length - room));
  const text = excerpt(span.sourceLine, from, room);
  const start = span.column - 1 - from;
  const end = span.endLine === span.line ? span.endColumn - 1 - from : text.length;
  const length = Math.max(1, Math.min(end, text.length) - start);
  const gutter = String(span.line).padStart(5);
  const pad = text.slice(0, start).replace(/[^\t]/gu, ' ');
  return [
    `${style.dim(`${gutter} |`)} ${text}`,
    `${style.dim('      |')} ${pad}${style.red('^'.repeat(length))}`,
  ];
}

/** A part of a line; a sign stands where it goes on. */
function excerpt(line: string, from: number, length: number): string {
  const part = visible(line.slice(from, from + length));
  const start = from > 0 ? `…${part.slice(1)}` : part;
  return from + length < line.length ? `${start.slice(0, -1)}…` : start;
}
