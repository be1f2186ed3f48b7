import { UserError } from '../errors.ts';

/** What one call brings of a list. */
interface Page<Item> {
  readonly items: readonly Item[] | undefined;
  /** What brings the next page; none after the last. */
  readonly next: string | undefined;
}

/**
 * All of a list that comes in pages.
 * @param fetch brings the page that a token stands for, the first without one.
 * @throws UserError `failed` where a token comes twice, which would never end.
 */
export async function allPages<Item>(
  fetch: (token: string | undefined) => Promise<Page<Item>>,
): Promise<Item[]> {
  const all: Item[] = [];
  const seen = new Set<string>();
  for (let token: string | undefined; ;) {
    const { items, next } = await fetch(token);
    all.push(...(items ?? []));
    // some services end with an empty token
    if (!next) return all;
    if (seen.has(next))
      throw new UserError('failed', 'endless-pages', 'AWS gives the same page of a list again and again', {
        hint: 'run the command again; if it stays, tell the support of AWS',
      });
    seen.add(next);
    token = next;
  }
}
