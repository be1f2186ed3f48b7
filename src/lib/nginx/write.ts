import type { Built, BuiltStatement, Word } from './build.ts';
import { directiveRows, INDENT, isTable, keyWidth } from './layout.ts';

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

function directiveLines({ name, args, block, code }: Built, indent: string, nameWidth: number): string[] {
  const words = [text(name), ...args.map(text)];
  if (code !== undefined) return [`${indent}${words.join(' ')} {${code}}`];
  if (!block) return directiveRows(words, indent, INDENT, nameWidth);
  const inner = isTable(text(name)) ? keyWidth(keysOf(block)) : 0;
  return [`${indent}${words.join(' ')} {`, ...lines(block, indent + INDENT, inner), `${indent}}`];
}

function keysOf(statements: readonly BuiltStatement[]): string[] {
  return statements.flatMap((statement) =>
    statement.kind === 'directive' && statement.args.length > 0 ? [text(statement.name)] : [],
  );
}

function text(word: Word): string {
  return typeof word === 'string' ? quote(word) : word.raw;
}
