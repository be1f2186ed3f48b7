import { endOfLua } from '../syntax/lua.ts';
import { Lexer, Token } from '../syntax/lexer.ts';
import { valueOf } from '../syntax/value.ts';

/**
 * Whether NGINX reads the same words, comments, braces and program texts out of both, in the same order. Two lexers
 * side by side: trees of both would cost several times as much.
 */
export function saysTheSame(a: string, b: string): boolean {
  const one = new Lexer(a);
  const other = new Lexer(b);
  // whether the next word is the name of a directive, and whether the one at work holds program text
  let first = true;
  let program = false;
  for (;;) {
    const token = one.next();
    if (token !== other.next()) return false;
    if (token === Token.End) return true;
    if (token === Token.Comment) {
      if (commentOf(one) !== commentOf(other)) return false;
    } else if (!sameText(a, one.start, one.end, b, other.start, other.end)) return false;
    if (token === Token.Word) {
      if (first) program = valueOf(a.slice(one.start, one.end)).endsWith('_by_lua_block');
      first = false;
    } else if (token !== Token.Comment) first = true;
    if (token === Token.Open && program) {
      const from = one.end;
      one.position = programEnd(a, from);
      other.position = programEnd(b, other.end);
      if (a.slice(from, one.position) !== b.slice(other.end, other.position)) return false;
    }
  }
}

function programEnd(text: string, from: number): number {
  const end = endOfLua(text, from);
  return end < 0 ? text.length : end + 1;
}

/** White space at the end of a comment is no part of what it says. */
function commentOf({ text, start, end }: Lexer): string {
  let last = end;
  while (' \t\r'.includes(text[last - 1]!)) last--;
  return text.slice(start, last);
}

function sameText(a: string, start: number, end: number, b: string, from: number, to: number): boolean {
  if (end - start !== to - from) return false;
  for (let at = start, other = from; at < end; at++, other++)
    if (a.charCodeAt(at) !== b.charCodeAt(other)) return false;
  return true;
}
