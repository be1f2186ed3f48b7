import type { UserError } from '../../errors.ts';

/**
 * What became of a node:
 * - `current`: it served the release already;
 * - `kept`: it serves the release now;
 * - `rolled-back`: it served the release, and serves again what it served before;
 * - `not-rolled-back`: it should serve what it served before, and still serves the release;
 * - `undone`: the release did not serve well, and the node itself has taken it back;
 * - `refused`: nothing was changed;
 * - `stuck`: neither the release nor what was before it serves;
 * - `lost`: the connection went away while it worked, so it is not known what it serves;
 * - `unreachable`: it could not be reached, and nothing was changed;
 * - `left`: it went away by itself, as instances of an Auto Scaling group do, and is no failure;
 * - `not-begun`: its turn did not come.
 */
export type Outcome =
  | 'current'
  | 'kept'
  | 'rolled-back'
  | 'not-rolled-back'
  | 'undone'
  | 'refused'
  | 'stuck'
  | 'lost'
  | 'unreachable'
  | 'left'
  | 'not-begun';

/** A node at the end of a roll-out. */
export interface NodeReport {
  readonly node: string;
  readonly outcome: Outcome;
  /** The release that it served at first; null where that was none of lbctl's, or is not known. */
  readonly before: string | null;
  /** The release that it serves at the end; null where that is none of lbctl's, or is not known. */
  readonly after: string | null;
  /** Why it did not go as it should. */
  readonly error?: UserError | undefined;
}
