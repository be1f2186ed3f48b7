/** What braces do not count in: long brackets, comments and strings, which end with their line. */
const TOKEN = /--\[(=*)\[|--[^\n]*|\[(=*)\[|"(?:[^"\\\r\n]|\\[^\r\n])*"|'(?:[^'\\\r\n]|\\[^\r\n])*'|[{}]/gu;

/** Offset of the brace that ends a block of Lua code which starts at `from`, or -1. It is found as NGINX's module does. */
export function endOfLua(text: string, from: number): number {
  TOKEN.lastIndex = from;
  let depth = 1;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [what] = match;
    const level = match[1] ?? match[2];
    if (level !== undefined) {
      const end = text.indexOf(`]${level}]`, TOKEN.lastIndex);
      if (end < 0) return -1;
      TOKEN.lastIndex = end + level.length + 2;
    } else if (what === '{') {
      depth++;
    } else if (what === '}') {
      depth--;
      if (depth === 0) return match.index;
    }
  }
  return -1;
}
