/** What NGINX makes of a word: quotes go, `\"`, `\'`, `\\`, `\t`, `\r` and `\n` are undone, other backslashes stay. */
export function valueOf(raw: string): string {
  const first = raw.charCodeAt(0);
  const inner = first === 34 || first === 39 ? raw.slice(1, -1) : raw;
  return inner.includes('\\') ? inner.replace(/\\(["'\\trn])/gu, unescape) : inner;
}

const CONTROL: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' };

function unescape(_: string, char: string): string {
  return CONTROL[char] ?? char;
}
