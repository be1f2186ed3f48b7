import type { Block, Item } from '../model.ts';
import { type Place, type Places, placesIn } from './locations.ts';
import { isMatch } from '../../regex/path-match.ts';
import { PASSES } from '../network/upstreams.ts';

/** What NGINX does with the path of a request. */
export interface Routed {
  /** The location that takes it; undefined where none does, and the server itself answers. */
  readonly location: Item | undefined;
  /** Whether it is only the location of the same path with a slash behind, and the answer a redirect to that. */
  readonly slash: boolean;
}

/**
 * Finds the location of a server (or, of what stands in a location, the inner one) that takes a path, which is given
 * as NGINX compares it: decoded, without arguments.
 * Undefined where a regular expression stands in the way that cannot be judged here.
 * @param deepest how many locations inside each other are followed: who asks for many paths sets a bound.
 */
export function locationFor(block: Block, path: string, deepest = Infinity): Routed | undefined {
  let location: Item | undefined;
  let level: Block | undefined = block;
  /** Levels whose regular expressions are asked when no exact location is found, inner ones last. */
  let levels: Block[] = [];
  for (let depth = 0; level; depth++) {
    if (depth > deepest) return undefined;
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
  const { exact, prefix } = placesIn(level);
  const found = exact.get(path)?.item;
  if (found) return { exact: found, regexes: false };
  const redirect = exact.get(`${path}/`) ?? prefix.get(`${path}/`);
  const best = longest(prefix, path);
  if (redirect && isPassedOn(redirect.item) && best?.name !== path)
    return { redirect: redirect.item, regexes: false };
  return { ...(best ? { prefix: best.item } : {}), regexes: best?.final !== true };
}

function longest(prefixes: Places['prefix'], path: string): Place | undefined {
  for (let length = prefixes.size > 0 ? path.length : -1; length >= 0; length--) {
    const place = prefixes.get(path.slice(0, length));
    if (place) return place;
  }
  return undefined;
}

/** NGINX adds the slash to the path of a location that passes requests on. */
function isPassedOn({ inner }: Item): boolean {
  return PASSES.some((name) => (inner?.own(name).length ?? 0) > 0);
}

/** So many regular expressions of a level are tried for one path. */
const MOST_TRIED = 100;

/** The first one that matches, of the innermost level that has one. */
function byRegex(levels: readonly Block[], path: string): Item | 'unknown' | undefined {
  for (const level of levels.toReversed()) {
    const { regex } = placesIn(level);
    if (regex.length > MOST_TRIED) return 'unknown';
    for (const { item, name, insensitive } of regex) {
      const matches = isMatch(name, path, insensitive);
      if (matches === undefined) return 'unknown';
      if (matches) return item;
    }
  }
  return undefined;
}
