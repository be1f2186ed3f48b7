import type { SourceFile } from '../../nginx/check/visit.ts';
import { INDENT } from '../../nginx/layout.ts';
import type { Word } from '../../nginx/syntax/tree.ts';
import type { Item } from '../model/model.ts';

/** Puts a text in the place of what stands between two offsets of a file. */
export interface Edit {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The one safe answer to a finding. */
export interface Fix {
  /** What it does, such as `write off`. */
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** Writes something else in the place of a word; the text is taken as it is, quotes included. */
export function replaceWord({ file }: Item, word: Word, text: string): Edit {
  return { file, start: word.start, end: word.start + word.raw.length, text };
}

/** Takes out a word and the space in front of it; with its line where nothing else stands on it. */
export function removeWord({ file }: Item, word: Word): Edit {
  const { text } = file.document;
  const end = word.start + word.raw.length;
  let start = word.start;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
  const after = /[ \t]*\r?\n/uy;
  after.lastIndex = end;
  if (text[start - 1] === '\n' && after.test(text)) return { file, start, end: after.lastIndex, text: '' };
  return { file, start, end, text: '' };
}

/** Adds a word behind another one. */
export function addWord({ file }: Item, behind: Word, text: string): Edit {
  const end = behind.start + behind.raw.length;
  return { file, start: end, end, text: ` ${text}` };
}

/** Takes out a directive; with its whole lines where nothing else stands on them. */
export function remove({ directive, file }: Item): Edit {
  const { text } = file.document;
  const { start, end } = directive;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const lineEnd = newline < 0 ? text.length : newline;
  const alone =
    text.slice(lineStart, start).trim() === '' && /^\s*(?:#[^\n]*)?$/u.test(text.slice(end, lineEnd));
  if (!alone) return { file, start, end, text: '' };
  return { file, start: lineStart, end: newline < 0 ? text.length : newline + 1, text: '' };
}

/**
 * Adds a directive on a line of its own behind another one, with the same indentation. A comment behind that one stays
 * with it.
 */
export function insertBehind({ directive, file }: Item, text: string): Edit {
  const at = behindComment(file, directive.end);
  return {
    file,
    start: at,
    end: at,
    text: `${lineBreakOf(file)}${indentationOf(file, directive.start)}${text}`,
  };
}

/**
 * Adds a directive on a line of its own in front of another one, with the same indentation. Comments that tell lint to
 * leave that one alone stay with it.
 */
export function insertBefore({ directive, file }: Item, text: string): Edit {
  const at = beforeIgnores(file, directive.start);
  return { file, start: at, end: at, text: `${text}${lineBreakOf(file)}${indentationOf(file, at)}` };
}

/** Adds a directive as the first one in the braces of another one. */
export function insertInside({ directive, file }: Item, text: string): Edit {
  const { block } = directive;
  if (!block) throw new Error(`${directive.name} has no block`);
  const at = behindComment(file, block.open + 1);
  const first = block.statements.find(({ start }) => start > at);
  const outer = indentationOf(file, directive.start);
  const indentation = first ? indentationOf(file, first.start) : `${outer}${INDENT}`;
  const deep = indentation.length > outer.length ? indentation : `${outer}${INDENT}`;
  const newLine = `${lineBreakOf(file)}${deep}${text}`;
  const spaces = /[ \t]*/uy;
  spaces.lastIndex = at;
  spaces.test(file.document.text);
  const end = spaces.lastIndex;
  if (/[\r\n]/u.test(file.document.text[end] ?? '')) return { file, start: at, end: at, text: newLine };
  // what stood on the line of the brace goes on one of its own
  return { file, start: at, end, text: `${newLine}${lineBreakOf(file)}${first ? deep : outer}` };
}

/** An offset, or where its line ends if nothing but a comment follows it there. */
function behindComment({ document }: SourceFile, offset: number): number {
  const comment = /[ \t]*#[^\n]*?(?=\r?\n|$)/uy;
  comment.lastIndex = offset;
  return comment.test(document.text) ? comment.lastIndex : offset;
}

/** An offset, or where the first of the comments right above its line starts that are about its line. */
function beforeIgnores({ document: { text } }: SourceFile, offset: number): number {
  let at = offset;
  for (;;) {
    const line = text.lastIndexOf('\n', at - 1) + 1;
    if (line === 0 || text.slice(line, at).trim() !== '') return at;
    const above = text.lastIndexOf('\n', line - 2) + 1;
    const comment = /^[ \t]*(?=#\s*lbctl-ignore-next-line\b)/u.exec(text.slice(above, line));
    if (!comment) return at;
    at = above + comment[0].length;
  }
}

function lineBreakOf({ document }: SourceFile): string {
  const first = document.text.indexOf('\n');
  return first > 0 && document.text[first - 1] === '\r' ? '\r\n' : '\n';
}

/** White space at the start of the line of an offset. */
function indentationOf({ document }: SourceFile, offset: number): string {
  const start = document.text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/u.exec(document.text.slice(start, offset))![0];
}
