/**
 * What PCRE has and JavaScript lacks or reads in another way, and what could take for ever: escapes of its own, groups
 * with settings, possessive quantifiers, classes that start with `]` or hold names, and quantified groups that end in
 * a quantifier.
 */
const FOREIGN =
  /\\[ACEGHKNQRVXZaeghopvz\d]|\(\?(?![:=!]|<[=!A-Za-z_])|\(\*|[*+?}]\+|\[\^?\]|\[[:.=]|[*+}]\)[*+{]|\{,|[^\0-\x7F]/u;

const compiled = new Map<string, RegExp | undefined>();

/** Whether a regular expression matches a path; undefined where that cannot be said. */
export function isMatch(pattern: string, path: string, anyCase: boolean): boolean | undefined {
  const key = `${anyCase ? 'i' : ' '}${pattern}`;
  if (!compiled.has(key)) compiled.set(key, compile(pattern, anyCase));
  return compiled.get(key)?.test(path);
}

function compile(pattern: string, anyCase: boolean): RegExp | undefined {
  const inline = pattern.startsWith('(?i)');
  const text = (inline ? pattern.slice(4) : pattern).replaceAll('(?P<', '(?<');
  if (FOREIGN.test(text)) return undefined;
  try {
    // without u, as PCRE takes escapes of characters that need none
    return new RegExp(text, anyCase || inline ? 'i' : '');
  } catch {
    return undefined;
  }
}
