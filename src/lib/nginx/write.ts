import type { Built, BuiltStatement, Origin, Word } from './build.ts';
import { directiveRows, INDENT, isTable, keyWidth } from './layout.ts';

/** What a line of a file was made of. */
export interface LineOrigin extends Origin {
  /** Name of the directive on it. */
  readonly directive: string;
}

/** Where each line comes from, the first at 0; undefined for comments, blank lines and what nothing asked for. */
export type LineOrigins = (LineOrigin | undefined)[];

/** The text of a configuration file, and what its lines come from; the same statements give the same bytes. */
export function write(statements: readonly BuiltStatement[]): { text: string; origins: LineOrigins } {
  const writer: Writer = { lines: [], origins: [] };
  add(writer, statements, { indent: '', nameWidth: 0, origin: undefined });
  return { text: `${writer.lines.join('\n')}\n`, origins: writer.origins };
}

interface Writer {
  readonly lines: string[];
  readonly origins: LineOrigins;
}

/** What holds for the statements of a block. */
interface Surroundings {
  readonly indent: string;
  /** Width of the first column of a table. */
  readonly nameWidth: number;
  readonly origin: Origin | undefined;
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

function add(writer: Writer, statements: readonly BuiltStatement[], around: Surroundings): void {
  for (const statement of statements) {
    if (statement.kind === 'directive') addDirective(writer, statement, around);
    else put(writer, statement.kind === 'blank' ? '' : `${around.indent}# ${statement.text}`, undefined);
  }
}

function addDirective(
  writer: Writer,
  { name, args, block, code, origin: own }: Built,
  { indent, nameWidth, origin: outer }: Surroundings,
): void {
  const words = [text(name), ...args.map(text)];
  const origin = own ?? outer;
  const line = origin && { ...origin, directive: words[0]! };
  if (code !== undefined) {
    put(writer, `${indent}${words.join(' ')} {${code}}`, line);
  } else if (block) {
    put(writer, `${indent}${words.join(' ')} {`, line);
    const inner = isTable(text(name)) ? keyWidth(keysOf(block)) : 0;
    add(writer, block, { indent: indent + INDENT, nameWidth: inner, origin });
    put(writer, `${indent}}`, undefined);
  } else {
    for (const row of directiveRows(words, indent, INDENT, nameWidth)) put(writer, row, line);
  }
}

/** Program text and quoted words may have several lines. */
function put({ lines, origins }: Writer, text: string, origin: LineOrigin | undefined): void {
  for (const line of text.includes('\n') ? text.split('\n') : [text]) {
    lines.push(line);
    origins.push(origin);
  }
}

function keysOf(statements: readonly BuiltStatement[]): string[] {
  return statements.flatMap((statement) =>
    statement.kind === 'directive' && statement.args.length > 0 ? [text(statement.name)] : [],
  );
}

function text(word: Word): string {
  return typeof word === 'string' ? quote(word) : word.raw;
}
