import { parse } from '../../src/lib/nginx/syntax/parse.ts';
import { positions } from '../../src/lib/nginx/syntax/position.ts';
import { parts, print } from '../../src/lib/nginx/syntax/print.ts';
import type { Document, Statement } from '../../src/lib/nginx/syntax/tree.ts';

/** Why a tree is not the text that it was read from, or undefined: no byte may be lost, moved or made up. */
export function lossOf(document: Document): string | undefined {
  const { text } = document;
  if (print(document) !== text) return 'what is printed is another text';
  let end = 0;
  for (const part of parts(document)) {
    const between = text.slice(end, part.start);
    if (part.start < end) return `${JSON.stringify(part.text)} at ${part.start} stands before ${end}`;
    if (/[^ \t\r\n]/u.test(between)) return `${JSON.stringify(between)} at ${end} is in no part`;
    if (!text.startsWith(part.text, part.start))
      return `${JSON.stringify(part.text)} is not at ${part.start}`;
    end = part.start + part.text.length;
  }
  return /[^ \t\r\n]/u.test(text.slice(end)) ? `the end from ${end} on is in no part` : undefined;
}

/** Problems of a text as `line:column rule`. */
export function placesOf(text: string): string[] {
  const at = positions(text);
  return parse(text).problems.map(({ rule, start }) => {
    const { line, column } = at(start);
    return `${line}:${column} ${rule}`;
  });
}

/** Statements in few words: `name word…;`, `name { … }`, `# comment`, and `<stray>`. Goes down no deeper than tests do. */
export function outline(statements: readonly Statement[]): string {
  return statements
    .map((statement) => {
      if (statement.kind === 'comment') return statement.text;
      if (statement.kind === 'stray') return `<${statement.text}>`;
      const words = statement.words.map(({ value }) => value).join(' ');
      if (statement.code) return `${words} {${statement.code.text}}`;
      return statement.block ? `${words} { ${outline(statement.block.statements)} }` : `${words};`;
    })
    .join(' ');
}
