import { parse } from '../../src/lib/nginx/syntax/parse.ts';
import type { Comment, Directive, Statement } from '../../src/lib/nginx/syntax/tree.ts';

/**
 * All that a configuration says, without the white space: words as they are written and as NGINX takes them,
 * program texts, and comments with whether they stand alone on their line.
 */
export function meaningOf(text: string): unknown {
  const document = parse(text);
  const comment = ({ start, text: written }: Comment) => ({
    comment: written.replace(/[ \t\r]+$/u, ''),
    alone: /(?:^|\n)[ \t\r]*$/u.test(text.slice(0, start)) || text.slice(0, start).trim() === '',
  });
  const directive = ({ words, comments = [], code, block }: Directive): unknown => ({
    words: [...words, ...comments]
      .toSorted((a, b) => a.start - b.start)
      .map((part) => ('kind' in part ? comment(part) : [part.raw, part.value])),
    code: code?.text,
    block: block && statements(block.statements),
  });
  const statements = (list: readonly Statement[]): unknown[] =>
    list.map((statement) =>
      statement.kind === 'directive'
        ? directive(statement)
        : statement.kind === 'comment'
          ? comment(statement)
          : statement,
    );
  return { statements: statements(document.statements), problems: document.problems.length };
}
