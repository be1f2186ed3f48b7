import { nearest } from '../lib/nearest.ts';

/** The name that was probably meant: one that is close, or else the only one that begins so. */
export function closest(
  word: string,
  names: readonly string[],
  written: (name: string) => string = (name) => name,
): string | undefined {
  const longer = names.filter((name) => word !== '' && name.startsWith(word));
  const name = nearest(word, names) ?? (longer.length === 1 ? longer[0] : undefined);
  return name === undefined ? undefined : written(name);
}
