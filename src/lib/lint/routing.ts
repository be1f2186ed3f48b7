import type { Block, Item } from './model.ts';
import { PASSES } from './upstreams.ts';

/** What NGINX does with the path of a request. */
export interface Route {
  /** The location that takes it; undefined where none does, and the server itself answers. */
  readonly location: Item | undefined;
  /** Whether it is only the location of the same path with a slash behind, and the answer a redirect to that. */
  readonly slash: boolean;
}

/** A location by the way in which it is chosen. */
interface Candidate {
  readonly item: Item;
  /** `=`, nothing, `^~`, `~` or `~*`. */
  readonly kind: string;
  readonly name: string;
}

/** `location = /path`, whose modifier may be glued to the path; undefined for named ones. */
export function candidateOf(item: Item): Candidate | undefined {
  const [, first, second] = item.directive.words;
  if (!first) return undefined;
  if (second) return { item, kind: first.value, name: second.value };
  const [, kind = '', name = ''] = /^(=|\^~|~\*|~)?(.*)$/su.exec(first.value)!;
  return kind === '' && name.startsWith('@') ? undefined : { item, kind, name };
}

/**
 * Finds the location of a server (or, of what stands in a location, the inner one) that takes a path, which is given
 * as NGINX compares it: decoded, without arguments.
 * Undefined where a regular expression stands in the way that cannot be judged here.
 */
export function locationFor(block: Block, path: string): Route | undefined {
  let location: Item | undefined;
  let level: Block | undefined = block;
  /** Levels whose regular expressions are asked when no exact location is found, inner ones last. */
  let levels: Block[] = [];
  while (level) {
    const found = byPrefix(level, path);
    if (found.exact ?? found.redirect)
      return { location: found.exact ?? found.redirect, slash: found.exact === undefined };
    if (found.regexes) levels.push(level);
    if (found.prefix) {
      location = found.prefix;
      level = location.inner;
      continue;
    }
    const match = byRegex(levels, path);
    if (match === 'unknown') return undefined;
    if (!match) break;
    // what stands in it is all that is looked at from here on
    location = match;
    level = match.inner;
    levels = [];
  }
  return { location, slash: false };
}

function byPrefix(
  level: Block,
  path: string,
): {
  readonly exact?: Item;
  readonly redirect?: Item;
  readonly prefix?: Item;
  /** Whether the regular expressions of this level are asked. */
  readonly regexes: boolean;
} {
  let best: Candidate | undefined;
  let redirect: Item | undefined;
  for (const item of level.own('location')) {
    const candidate = candidateOf(item);
    if (!candidate || candidate.kind.startsWith('~')) continue;
    const { kind, name } = candidate;
    if (kind === '=' && name === path) return { exact: item, regexes: false };
    if (name === `${path}/` && isPassedOn(item)) redirect = item;
    if (kind !== '=' && path.startsWith(name) && (!best || name.length > best.name.length)) best = candidate;
  }
  if (redirect && best?.name !== path) return { redirect, regexes: false };
  return { ...(best ? { prefix: best.item } : {}), regexes: best?.kind !== '^~' };
}

/** NGINX adds the slash to the path of a location that passes requests on. */
function isPassedOn({ inner }: Item): boolean {
  return PASSES.some((name) => (inner?.own(name).length ?? 0) > 0);
}

/** The first one that matches, of the innermost level that has one. */
function byRegex(levels: readonly Block[], path: string): Item | 'unknown' | undefined {
  for (const level of levels.toReversed()) {
    for (const item of level.own('location')) {
      const candidate = candidateOf(item);
      if (!candidate?.kind.startsWith('~')) continue;
      const matches = isMatch(candidate.name, path, candidate.kind === '~*');
      if (matches === undefined) return 'unknown';
      if (matches) return item;
    }
  }
  return undefined;
}

/**
 * What PCRE has and JavaScript lacks or reads in another way, and what could take for ever: escapes of its own, groups
 * with settings, possessive quantifiers, classes that start with `]` or hold names, and quantified groups that end in
 * a quantifier.
 */
const FOREIGN =
  /\\[ACEGHKNQRVXZaeghopvz\d]|\(\?(?![:=!]|<[=!A-Za-z_])|\(\*|[*+?}]\+|\[\^?\]|\[[:.=]|[*+}]\)[*+{]|\{,|[^\0-\x7F]/u;

const compiled = new Map<string, RegExp | undefined>();

/** Whether a regular expression matches a path; undefined where that cannot be said. */
function isMatch(pattern: string, path: string, anyCase: boolean): boolean | undefined {
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
