/** A pattern's parts between slashes, as the shell reads them: `*`, `?`, `[…]`; a leading dot must be named. */
export function matcher(pattern: string): ((name: string) => boolean) | undefined {
  if (!/[*?[]/u.test(pattern)) return undefined;
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '\\') source += escape(pattern[++at] ?? '\\');
    else if (char === '[') {
      const close = pattern.indexOf(']', at + (/^\[[!^]?\]/u.test(pattern.slice(at)) ? 3 : 1));
      if (close < 0) source += '\\[';
      else {
        source += classOf(pattern.slice(at + 1, close));
        at = close;
      }
    } else source += escape(char);
  }
  const hidden = pattern.startsWith('.');
  const expression = new RegExp(`^${source}$`, 'su');
  return (name) => (hidden || !name.startsWith('.')) && expression.test(name);
}

function classOf(inner: string): string {
  const negated = /^[!^]/u.test(inner);
  const members = (negated ? inner.slice(1) : inner).replaceAll(/[\\[\]^]/gu, '\\$&');
  return `[${negated ? '^' : ''}${members}]`;
}

function escape(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/]/u, '\\$&');
}

/** Orders names as glob(3) does in the C locale: by their bytes. */
export function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
