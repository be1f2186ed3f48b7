import { INDENT } from '../layout.ts';
import { parse } from '../syntax/parse.ts';
import type { Document, SyntaxProblem } from '../syntax/tree.ts';
import { layOut } from './rows.ts';
import { saysTheSame } from './same.ts';

/** What came of a text: itself where it has problems. */
export interface Formatted {
  readonly text: string;
  readonly problems: readonly SyntaxProblem[];
}

/** The same configuration in lbctl's style. White space changes and nothing else; text with problems stays as it is. */
export function format(text: string, step: string = INDENT): Formatted {
  const document = parse(text);
  const { problems } = document;
  if (problems.length > 0) return { text, problems };
  const formatted = styled(document, step);
  if (formatted !== text && !saysTheSame(text, formatted))
    throw new Error('formatting would change what the text says');
  return { text: formatted, problems };
}

function styled(document: Document, step: string): string {
  const { rows, ends } = layOut(document, step);
  if (rows.length === 0) return '';
  const lineEnd = ends.crlf > ends.lf ? '\r\n' : '\n';
  return rows.join(lineEnd) + (endsTight(document) ? '' : lineEnd);
}

/** Whether the file ends in a comment as long as NGINX can read: a line end behind it would be one byte too many. */
function endsTight({ text, statements }: Document): boolean {
  const last = statements.at(-1);
  return last?.kind === 'comment' && last.end - last.start > 1000 && last.end === text.length;
}
