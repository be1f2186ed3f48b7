import type { clientOptions } from '../client.ts';

/** Where a kind of things is looked for: in the first of the Regions, in each of them, or there is but one place. */
type Scope = 'first' | 'each' | 'global';

/** A kind of things that an account has, and how they are listed. */
export interface Kind<Item> {
  /** As in `cannot list hosted zones`. */
  readonly doing: string;
  /** What IAM must allow for it, the first call first. */
  readonly actions: readonly string[];
  readonly scope: Scope;
  /** All of a Region, in as many calls as there are pages. */
  list(asking: Asking): Promise<Item[]>;
}

/** How a list is asked for. */
export interface Asking {
  /** Of the client. */
  readonly options: ReturnType<typeof clientOptions>;
  /** Of each call. */
  readonly within: { readonly abortSignal: AbortSignal };
}
