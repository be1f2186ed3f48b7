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
  const members = (negated ? inner.slice(1) : inner)
    .replaceAll(/[\\[\]^]/gu, '\\$&')
    // a range that ends before it starts holds nothing
    .replaceAll(/(.)-(.)/gsu, (range, from: string, to: string) => (from > to ? '' : range));
  return members === '' ? '(?!)' : `[${negated ? '^' : ''}${members}]`;
}

function escape(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/]/u, '\\$&');
}

/** Orders names as glob(3) does in the C locale: by their bytes. */
export function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a path is a pattern, to NGINX's mind. */
export function isPattern(path: string): boolean {
  return /[*?[]/u.test(path);
}

/**
 * The paths that a pattern stands for, in the order of their bytes; each part between slashes may be a pattern.
 * @param list names in a folder; undefined where there is none.
 */
export function expand(pattern: string, list: (folder: string) => readonly string[] | undefined): string[] {
  const parts = pattern.split('/').filter((part) => part !== '');
  let paths = [''];
  parts.forEach((part, index) => {
    const matches = matcher(part);
    const isLast = index === parts.length - 1;
    paths = paths.flatMap((folder) => {
      if (!matches && !isLast) return [`${folder}/${part}`];
      const names = list(folder === '' ? '/' : folder) ?? [];
      const wanted = matches ? names.filter(matches) : names.filter((name) => name === part);
      return wanted.map((name) => `${folder}/${name}`);
    });
  });
  return paths.toSorted(byBytes);
}
