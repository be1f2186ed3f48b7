import type { BuiltStatement, Origin } from './build.ts';
import { parse } from './syntax/parse.ts';
import type { Directive, Document, Statement } from './syntax/tree.ts';

/** Why a fragment is not whole, with offsets into its text. */
export interface FragmentProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads directives that are to stand inside a block: whole ones, with every brace closed and every quote ended, so
 * that they cannot reach beyond their place. Words stay as they were written.
 * @param path of the text in what it comes from; each directive then says where in it it stands.
 */
export function readFragment(
  text: string,
  path?: Origin['path'],
): { readonly statements: BuiltStatement[] } | { readonly problem: FragmentProblem } {
  const document = parse(text);
  const [problem] = document.problems;
  // a snippet has no lines of its own to name, so the brace itself is shown
  if (problem?.related) {
    const { message, start } = problem.related;
    return { problem: { message, start, end: start + 1 } };
  }
  if (problem) return { problem };
  const inside = commentedDirective(document.statements);
  if (inside) {
    const { start, end } = inside.comments![0]!;
    return { problem: { message: 'a comment inside a directive is not supported here', start, end } };
  }
  return { statements: built(document, document.statements, path) };
}

function commentedDirective(statements: readonly Statement[]): Directive | undefined {
  for (const statement of statements) {
    if (statement.kind !== 'directive') continue;
    const found = statement.comments ? statement : commentedDirective(statement.block?.statements ?? []);
    if (found) return found;
  }
  return undefined;
}

function built(
  document: Document,
  statements: readonly Statement[],
  path: Origin['path'] | undefined,
): BuiltStatement[] {
  const list: BuiltStatement[] = [];
  let before: Statement | undefined;
  for (const statement of statements) {
    if (before && hasBlankLine(document.text.slice(before.end, statement.start)))
      list.push({ kind: 'blank' });
    before = statement;
    if (statement.kind === 'comment')
      list.push({ kind: 'comment', text: statement.text.replace(/^#\s*/u, '').trimEnd() });
    else if (statement.kind === 'directive') {
      const [name, ...args] = statement.words.map(({ raw }) => ({ raw }));
      const { block, code } = statement;
      list.push({
        kind: 'directive',
        name: name!,
        args,
        ...(block ? { block: built(document, block.statements, path) } : {}),
        ...(code ? { code: code.text } : {}),
        ...(path ? { origin: { path, inside: [statement.start, statement.end] as const } } : {}),
      });
    }
  }
  return list;
}

function hasBlankLine(gap: string): boolean {
  return gap.split('\n').length > 2;
}
