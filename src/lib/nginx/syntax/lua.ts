/**
 * Offset of the brace that ends a block of Lua code which starts at `from`, or -1. Braces in strings and comments
 * do not count.
 */
export function endOfLua(text: string, from: number): number {
  const token = /--\[(=*)\[|--|\[(=*)\[|["'{}]/gu;
  token.lastIndex = from;
  /** Where the line ends on which a quote of a kind was found to be open; the next of them there are, too. */
  const openUpTo: Record<string, number> = { '"': -1, "'": -1 };
  let depth = 1;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [what] = match;
    const level = match[1] ?? match[2];
    if (what === '{') depth++;
    else if (what === '}') {
      depth--;
      if (depth === 0) return match.index;
    } else if (what === '"' || what === "'") {
      if (match.index < openUpTo[what]!) continue;
      const end = stringEnd(text, token.lastIndex, what);
      // as the Lua module reads it, a quote that nothing closes on its line is a character like others
      if (text[end] === what) token.lastIndex = end + 1;
      else openUpTo[what] = end;
    } else {
      const behind = token.lastIndex;
      const end =
        level === undefined
          ? after(text.indexOf('\n', behind), 1)
          : after(text.indexOf(`]${level}]`, behind), level.length + 2);
      if (end < 0) return -1;
      token.lastIndex = end;
    }
  }
  return -1;
}

function after(index: number, length: number): number {
  return index < 0 ? -1 : index + length;
}

/** Offset of the quote that closes a string, or of the end of its line or the text; no line end can be escaped. */
function stringEnd(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === quote || char === '\n') return at;
    if (char === '\\' && text[at + 1] !== '\n') at++;
  }
  return text.length;
}
