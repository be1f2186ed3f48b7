import type { Path } from './place.ts';
import type { Source } from './source.ts';

/** An item of a list in the text of lb.yaml, from its first character to behind its last. */
export interface Item {
  readonly start: number;
  readonly end: number;
}

/** The items of a list, and where a list in brackets closes; a list of lines with dashes has no brackets. */
export interface ListLayout {
  readonly items: readonly Item[];
  readonly close: number | undefined;
}

/** How a list stands in the text. */
export function layoutOf({ text, rangeOf }: Source, path: Path, count: number): ListLayout {
  const items = Array.from({ length: count }, (_, index) => {
    const [start, end] = rangeOf([...path, index]);
    // the range of a mapping in braces ends with its last value
    return { start, end: text[start] === '{' ? closing(text, end, '}') + 1 : end };
  });
  const [start] = rangeOf(path);
  return { items, close: text[start] === '[' ? closing(text, items.at(-1)!.end, ']') : undefined };
}

/** Offset of a bracket behind nothing but blanks, commas and comments; -1 where something else stands there. */
function closing(text: string, from: number, bracket: string): number {
  const gap = /(?:[\s,]|#[^\n]*)*/uy;
  gap.lastIndex = from;
  const at = from + (gap.exec(text)?.[0].length ?? 0);
  return text[at] === bracket ? at : -1;
}

/** Offset of the comma between two offsets that is in no comment; -1 where there is none. */
export function commaIn(text: string, from: number, to: number): number {
  const blanked = text.slice(from, to).replaceAll(/#[^\n]*/gu, (comment) => ' '.repeat(comment.length));
  const at = blanked.indexOf(',');
  return at < 0 ? -1 : from + at;
}

/** Offset of the first character of the line that an offset is in. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Offset of the end of the line that an offset is in: in front of its line break, or the end of the text. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

/** Takes whole lines out of a text, with the line break behind them, or in front where they are the last. */
export function withoutLines(text: string, from: number, to: number): string {
  const start = lineStart(text, from);
  const end = lineEnd(text, to);
  const next = text.indexOf('\n', end) + 1;
  if (next > 0) return text.slice(0, start) + text.slice(next);
  return text.slice(0, start).replace(/\r?\n$/u, '');
}
