import { directiveRows, isTable, keyWidth } from '../layout.ts';
import type { Block, Directive, Document, Statement } from '../syntax/tree.ts';
import { commentedRows, texts, trimmed } from './head.ts';
import { type LineEnds, lineEnds } from './line-ends.ts';

/**
 * Levels that are told by indentation. Nobody reads further in, and without an end the spaces alone would grow with
 * the square of the depth.
 */
const DEEPEST = 32;

/** Words from this length on may be as long as NGINX can read, where a space behind them would be one byte too many. */
const LONG = 1000;

/** A list of statements on the way. */
interface Level {
  readonly statements: readonly Statement[];
  readonly indent: string;
  /** Width of the first column in a table, else 0. */
  readonly width: number;
  /** The block that the statements stand in; undefined for the file. */
  readonly block: Block | undefined;
  next: number;
}

/** The rows of a file and the line ends that it has between its statements. */
export interface Rows {
  readonly rows: readonly string[];
  readonly ends: LineEnds;
}

/** Lays out a file without problems; `step` indents one level. */
export function layOut({ text, statements }: Document, step: string): Rows {
  const rows: string[] = [];
  const ends: LineEnds = { lf: 0, crlf: 0 };
  const indents = Array.from({ length: DEEPEST + 1 }, (_, depth) => step.repeat(depth));
  const levels: Level[] = [{ statements, indent: '', width: 0, block: undefined, next: 0 }];
  let cursor = 0;
  // whether nothing stands in front that a blank line could set apart
  let fresh = true;
  /** Goes on to what starts at `start` and sees how many line ends lie between. */
  const pass = (start: number, end: number): number => {
    const passed = lineEnds(text, cursor, start, ends);
    cursor = end;
    return passed;
  };
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const statement = level.statements[level.next++];
    const { indent, width } = level;
    if (!statement) {
      levels.pop();
      if (level.block) {
        pass(level.block.close, level.block.close + 1);
        rows.push(`${levels.at(-1)!.indent}}`);
        fresh = false;
      }
      continue;
    }
    const { start } = statement;
    const inner = statement.kind === 'directive' ? statement.block : undefined;
    const passed = pass(start, inner ? inner.open + 1 : statement.end);
    if (statement.kind === 'comment' && passed === 0 && rows.length > 0) {
      rows[rows.length - 1] += ` ${trimmed(statement)}`;
      continue;
    }
    if (passed > 1 && !fresh) rows.push('');
    fresh = false;
    if (statement.kind !== 'directive') {
      rows.push(indent + (statement.kind === 'comment' ? trimmed(statement) : statement.text));
      continue;
    }
    // one by one: a call takes only so many arguments
    for (const row of headRows(text, statement, indent, step, width)) rows.push(row);
    if (!inner) continue;
    if (inner.statements.length === 0) {
      rows[rows.length - 1] += '}';
      pass(inner.close, inner.close + 1);
      continue;
    }
    fresh = true;
    levels.push({
      statements: inner.statements,
      indent: indents[Math.min(levels.length, DEEPEST)]!,
      width: isTable(statement.name) ? keyWidth(keysOf(inner.statements)) : 0,
      block: inner,
      next: 0,
    });
  }
  lineEnds(text, cursor, text.length, ends);
  return { rows, ends };
}

/** A directive up to its `;`, its `{`, or the end of its program text. */
function headRows(text: string, directive: Directive, indent: string, step: string, width: number): string[] {
  const { words, block, code, comments } = directive;
  const open = block ?? code;
  let rows: string[];
  if (comments) {
    rows = commentedRows(text, directive, { first: indent, further: indent + step }, open ? '{' : ';');
  } else if (open) {
    const { start, raw } = words.at(-1)!;
    const glued = raw.length > LONG && start + raw.length === open.open;
    rows = [`${indent}${texts(words).join(' ')}${glued ? '{' : ' {'}`];
  } else {
    return directiveRows(texts(words), indent, step, isKey(directive) ? width : 0);
  }
  if (code) rows[rows.length - 1] += `${code.text}}`;
  return rows;
}

function keysOf(statements: readonly Statement[]): string[] {
  return statements.flatMap((statement) =>
    statement.kind === 'directive' && isKey(statement) ? [statement.words[0]!.raw] : [],
  );
}

/** Whether a directive is a row of a table: with a first column that has a second one beside it. */
function isKey({ words, block, code, comments }: Directive): boolean {
  return words.length > 1 && !block && !code && !comments && !words[0]!.raw.includes('\n');
}
