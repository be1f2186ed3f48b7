/**
 * Tells which names a pattern between slashes stands for, as glob(3) does in the C locale: `*`, `?` and `[…]`, byte by
 * byte; a leading dot must be named. Undefined where it is a name itself.
 */
export function matcher(pattern: string): ((name: string) => boolean) | undefined {
  if (!/[*?[]/u.test(pattern)) return undefined;
  const parts = partsOf(bytesOf(pattern));
  const hidden = /^\\?\./u.test(pattern);
  return (name) => (hidden || !name.startsWith('.')) && matches(parts, bytesOf(name));
}

/** What one byte of a name must be; `*` is any number of bytes. */
type Part = '*' | ((byte: number) => boolean);

/** A text with a character for each of its bytes. */
function bytesOf(text: string): string {
  if (!/[^\0-\x7F]/u.test(text)) return text;
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}

function partsOf(pattern: string): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    const bracket = char === '[' ? readBracket(pattern, at) : undefined;
    if (bracket) {
      parts.push(bracket.part);
      at = bracket.end - 1;
    } else if (char === '*') parts.push('*');
    else if (char === '?') parts.push(() => true);
    else {
      if (char === '\\' && at + 1 < pattern.length) at++;
      const code = pattern.charCodeAt(at);
      parts.push((byte) => byte === code);
    }
  }
  return parts;
}

function matches(parts: readonly Part[], name: string): boolean {
  let [part, at] = [0, 0];
  /** The last `*`, and where what it stands for ends; it is tried longer where the rest does not fit. */
  let [star, starEnd] = [-1, 0];
  while (at < name.length) {
    const test = parts[part];
    if (test === '*') [star, starEnd, part] = [part, at, part + 1];
    else if (test?.(name.charCodeAt(at))) [part, at] = [part + 1, at + 1];
    else if (star >= 0) [part, starEnd, at] = [star + 1, starEnd + 1, starEnd + 1];
    else return false;
  }
  return parts.slice(part).every((rest) => rest === '*');
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/u,
  alpha: /[A-Za-z]/u,
  blank: /[ \t]/u,
  cntrl: /[\0-\x1F\x7F]/u,
  digit: /[0-9]/u,
  graph: /[!-~]/u,
  lower: /[a-z]/u,
  print: /[ -~]/u,
  punct: /[!-/:-@[-`{-~]/u,
  space: /[\t-\r ]/u,
  upper: /[A-Z]/u,
  xdigit: /[0-9A-Fa-f]/u,
};

/** `[…]` from its opening bracket on; undefined where it is not closed, and the bracket stands for itself. */
function readBracket(
  pattern: string,
  open: number,
): { readonly part: Part; readonly end: number } | undefined {
  const negated = pattern[open + 1] === '!' || pattern[open + 1] === '^';
  const first = negated ? open + 2 : open + 1;
  const tests: ((byte: number) => boolean)[] = [];
  for (let at = first; at < pattern.length;) {
    if (pattern[at] === ']' && at > first)
      return { part: (byte) => tests.some((test) => test(byte)) !== negated, end: at + 1 };
    const named = /^\[:([a-z]+):\]/u.exec(pattern.slice(at, at + 16));
    if (named) {
      const known = CLASSES[named[1]!];
      if (known) tests.push((byte) => known.test(String.fromCharCode(byte)));
      at += named[0].length;
      continue;
    }
    if (pattern[at] === '\\') at++;
    const from = pattern.charCodeAt(at++);
    if (pattern[at] === '-' && at + 1 < pattern.length && pattern[at + 1] !== ']') {
      at += pattern[at + 1] === '\\' ? 2 : 1;
      const to = pattern.charCodeAt(at++);
      tests.push((byte) => byte >= from && byte <= to);
    } else tests.push((byte) => byte === from);
  }
  return undefined;
}

/** Orders names as glob(3) does in the C locale: by their bytes. */
export function byBytes(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const [left, right] = [rank(a.charCodeAt(at)), rank(b.charCodeAt(at))];
    if (left !== right) return left - right;
  }
  return a.length - b.length;
}

/** Halves of the characters beyond U+FFFF come behind all others, as their bytes do. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
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
