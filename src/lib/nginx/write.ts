import type { Built, BuiltStatement, Word } from './build.ts';

const INDENT = '    ';
const WIDTH = 110;

/** Blocks whose lines are a table: the second column is aligned. */
const TABLES = new Set(['map', 'geo', 'split_clients', 'types', 'geoip2']);

/** The text of a configuration file; the same statements give the same bytes. */
export function write(statements: readonly BuiltStatement[]): string {
  return `${lines(statements, '', 0).join('\n')}\n`;
}

/**
 * A value as NGINX's reader must see it to get that value back: bare where it can be, else in double quotes.
 * `$` is left alone, as what it means is decided by the directive.
 */
export function quote(value: string): string {
  // most words are plain; the full pattern costs more
  if (/^[\w$.:/=-]+$/u.test(value)) return value;
  const bare = /^(?:[^\s"'\\;{}#]|(?!^)#|\\[^\s"'\\trn;{}#$]|(?<=\$)\{\w+\})+$/u.test(value);
  return bare ? value : `"${value.replace(/[\\"\n\r\t]/gu, (char) => ESCAPES[char]!)}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function lines(statements: readonly BuiltStatement[], indent: string, nameWidth: number): string[] {
  return statements.flatMap((statement) => {
    if (statement.kind === 'blank') return [''];
    if (statement.kind === 'comment') return [`${indent}# ${statement.text}`];
    return directiveLines(statement, indent, nameWidth);
  });
}

function directiveLines({ name, args, block }: Built, indent: string, nameWidth: number): string[] {
  const words = [text(name).padEnd(nameWidth), ...args.map(text)];
  if (block) {
    const inner = TABLES.has(text(name)) ? tableWidth(block) : 0;
    return [`${indent}${words.join(' ')} {`, ...lines(block, indent + INDENT, inner), `${indent}}`];
  }
  return wrapped(words, indent);
}

/** As many words a line as fit; a word that brings its own quotes stands on a line of its own, as in `log_format`. */
function wrapped(words: readonly string[], indent: string): string[] {
  const line = `${indent}${words.join(' ')};`;
  if (line.length <= WIDTH || words.length < 3) return [line];
  const rows: string[] = [];
  for (const word of words) {
    const row = rows.at(-1);
    const fits = row !== undefined && row.length + word.length < WIDTH && !word.startsWith("'");
    if (fits) rows[rows.length - 1] = `${row} ${word}`;
    else rows.push(`${rows.length === 0 ? indent : indent + INDENT}${word}`);
  }
  rows[rows.length - 1] += ';';
  return rows;
}

function tableWidth(statements: readonly BuiltStatement[]): number {
  const widths = statements.map((statement) =>
    statement.kind === 'directive' && statement.args.length > 0 ? text(statement.name).length : 0,
  );
  return Math.max(0, ...widths.filter((width) => width <= 60));
}

function text(word: Word): string {
  return typeof word === 'string' ? quote(word) : word.raw;
}
