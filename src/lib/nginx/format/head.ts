import { wordRows } from '../layout.ts';
import type { Comment, Directive, Word } from '../syntax/tree.ts';

/** Where rows start: those of a statement and those that go on with it. */
export interface Margin {
  readonly first: string;
  readonly further: string;
}

/** Rows of a directive with comments between its words: each comment ends its row, as it ends its line. */
export function commentedRows(
  text: string,
  { words, comments = [] }: Directive,
  { first, further }: Margin,
  end: ';' | '{',
): string[] {
  const rows: string[] = [];
  let pending: Word[] = [];
  let cursor = 0;
  const flush = (): void => {
    if (pending.length === 0) return;
    const start = rows.length === 0 ? first : further;
    for (const row of wordRows(texts(pending), start, further)) rows.push(row);
    pending = [];
  };
  for (const part of inOrder(words, comments)) {
    if ('kind' in part) {
      flush();
      const remark = trimmed(part);
      const sameLine = !text.slice(cursor, part.start).includes('\n');
      if (sameLine) rows[rows.length - 1] += ` ${remark}`;
      else rows.push(further + remark);
      cursor = part.end;
    } else {
      pending.push(part);
      cursor = part.start + part.raw.length;
    }
  }
  if (pending.length > 0) {
    flush();
    rows[rows.length - 1] += end === ';' ? ';' : ' {';
  } else {
    // what is appended to a comment would belong to it
    rows.push((end === ';' ? further : first) + end);
  }
  return rows;
}

/** The words as they are written, each with a `)` that stands right behind it, which NGINX reads as another word. */
export function texts(words: readonly Word[]): string[] {
  const list: string[] = [];
  let end = -1;
  for (const { start, raw } of words) {
    if (start === end) list[list.length - 1] += raw;
    else list.push(raw);
    end = start + raw.length;
  }
  return list;
}

/** White space at the end of a comment says nothing. */
export function trimmed({ text }: Comment): string {
  let end = text.length;
  while (end > 0 && ' \t\r'.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

function inOrder(words: readonly Word[], comments: readonly Comment[]): (Word | Comment)[] {
  return [...words, ...comments].toSorted((a, b) => a.start - b.start);
}
