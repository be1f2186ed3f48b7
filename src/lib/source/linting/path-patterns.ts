import { relative } from 'node:path';
import { matcher } from '../../nginx/include/glob.ts';

/** Whether a part of a path is what a part of a pattern says; `**` is any number of parts. */
type Part = '**' | ((name: string) => boolean);

/**
 * A function that tells whether a path is what one of the patterns says, or lies below it. Patterns are `*`, `?`, `[…]`
 * within a name and `**` for any folders; they start at a folder, or at the root with a slash.
 */
export function pathMatcher(patterns: readonly string[], folder: string): (path: string) => boolean {
  const absolute = patterns.filter((pattern) => pattern.startsWith('/')).map(partsOf);
  const others = patterns.filter((pattern) => !pattern.startsWith('/')).map(partsOf);
  return (path) => {
    const names = namesOf(path);
    const below = namesOf(relative(folder, path));
    return absolute.some((parts) => matches(parts, names)) || others.some((parts) => matches(parts, below));
  };
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

function partsOf(pattern: string): Part[] {
  return namesOf(pattern).map((part) => {
    if (part === '**') return part;
    return matcher(part) ?? ((name) => name === part);
  });
}

/** Goes along the path with all places of the pattern that may have been reached, so that `**` costs nothing. */
function matches(parts: readonly Part[], names: readonly string[]): boolean {
  let places = reached([0], parts);
  for (const name of names) {
    if (places.includes(parts.length)) return true;
    const next: number[] = [];
    for (const place of places) {
      const part = parts[place]!;
      if (part === '**') next.push(place);
      else if (part(name)) next.push(place + 1);
    }
    places = reached(next, parts);
  }
  return places.includes(parts.length);
}

/** `**` may stand for nothing. */
function reached(places: readonly number[], parts: readonly Part[]): number[] {
  const all = new Set(places);
  for (const place of all) if (parts[place] === '**') all.add(place + 1);
  return [...all];
}
