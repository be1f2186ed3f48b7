/** A key of `paths`: NGINX's own notation of a location. */
export interface PathPattern {
  /** `''` for a prefix, else NGINX's modifier. */
  readonly modifier: '' | '=' | '^~' | '~' | '~*';
  readonly value: string;
}

/** Reads a key of `paths`; undefined where it is none. */
export function parsePath(key: string): PathPattern | undefined {
  const match = /^(=|\^~|~\*|~)\s*(\S.*)$/su.exec(key);
  const modifier = (match?.[1] ?? '') as PathPattern['modifier'];
  const value = match?.[2] ?? key;
  if (!modifier.startsWith('~') && !value.startsWith('/')) return undefined;
  return { modifier, value };
}

/** Whether a path is matched by a regular expression. */
export function isRegex(pattern: PathPattern): boolean {
  return pattern.modifier === '~' || pattern.modifier === '~*';
}
