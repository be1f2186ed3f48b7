/**
 * Offset of the brace that ends a block of Lua code which starts at `from`, or -1. Braces in strings and comments
 * do not count.
 */
export function endOfLua(text: string, from: number): number {
  const token = /--\[(=*)\[|--|\[(=*)\[|["'{}]/gu;
  token.lastIndex = from;
  let depth = 1;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [what] = match;
    const level = match[1] ?? match[2];
    if (what === '{') depth++;
    else if (what === '}') {
      depth--;
      if (depth === 0) return match.index;
    } else {
      const behind = token.lastIndex;
      let end: number;
      if (level !== undefined) end = after(text.indexOf(`]${level}]`, behind), level.length + 2);
      else if (what === '--') end = after(text.indexOf('\n', behind), 1);
      else end = stringEnd(text, behind, what);
      if (end < 0) return -1;
      token.lastIndex = end;
    }
  }
  return -1;
}

function after(index: number, length: number): number {
  return index < 0 ? -1 : index + length;
}

function stringEnd(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at + 1;
  }
  return -1;
}
