import type { Directive, Document, Statement } from './tree.ts';

/** A piece of the file: a word, a comment, a brace, a semicolon, or program text. */
export interface Part {
  readonly start: number;
  readonly text: string;
}

/** The text of a tree, byte for byte as it was read. */
export function print(document: Document): string {
  let printed = '';
  let cursor = 0;
  for (const { start, text } of parts(document)) {
    printed += document.text.slice(cursor, start) + text;
    cursor = start + text.length;
  }
  return printed + document.text.slice(cursor);
}

/** All parts of a file in their order; between them there is nothing but white space. */
export function* parts(document: Document): Generator<Part> {
  const pending: Iterator<Statement>[] = [document.statements.values()];
  const open: Directive[] = [];
  for (let inner = pending.at(-1); inner; inner = pending.at(-1)) {
    const { value: statement, done } = inner.next();
    if (done) {
      pending.pop();
      const block = open.pop()?.block;
      if (block && block.close >= 0) yield { start: block.close, text: '}' };
    } else if (statement.kind === 'directive') {
      yield* head(statement);
      if (statement.block) {
        yield { start: statement.block.open, text: '{' };
        open.push(statement);
        pending.push(statement.block.statements.values());
      }
    } else {
      yield { start: statement.start, text: statement.text };
    }
  }
}

/** The words of a directive with the comments between them, and the `;` or the program text behind them. */
function* head({ words, comments, code, block, end }: Directive): Generator<Part> {
  const list: Part[] = words.map(({ start, raw }) => ({ start, text: raw }));
  if (comments) {
    list.push(...comments);
    list.sort((a, b) => a.start - b.start);
  }
  yield* list;
  if (block) return;
  const last = words.at(-1)!;
  if (code) {
    yield { start: code.open, text: '{' };
    yield { start: code.open + 1, text: code.text };
    if (end > code.close) yield { start: code.close, text: '}' };
  } else if (end > last.start + last.raw.length) {
    yield { start: end - 1, text: ';' };
  }
}
