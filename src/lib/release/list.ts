import { UserError } from '../errors.ts';
import type { Action, NodeState } from './history.ts';

/** A release that is on a node, with what was last done with it. */
export interface Listed {
  readonly id: string;
  readonly current: boolean;
  readonly last: Action | undefined;
}

/** Releases of a node, the one that was used last first. */
export function listReleases({ releases, history, current }: NodeState): Listed[] {
  const last = new Map(history.map((action) => [action.release, action]));
  // by its place in the history: two that come in the same second have the same time
  const place = new Map(history.map(({ release }, index) => [release, index]));
  const placeOf = (id: string): number => place.get(id) ?? -1;
  return releases
    .toSorted((a, b) => placeOf(b) - placeOf(a))
    .map((id) => ({ id, current: id === current, last: last.get(id) }));
}

/**
 * The release that is meant: by its name or the beginning of it; without one, that which served before the current one.
 * @throws UserError `usage` where none or several can be meant.
 */
export function releaseNamed(name: string | undefined, state: NodeState): string {
  if (name === undefined) return before(state);
  if (name === '')
    throw new UserError('usage', 'no-such-release', 'the name of the release is empty', {
      hint: 'lbctl releases lists them; without a name it is the one before',
    });
  const found = state.releases.filter((id) => id.startsWith(name.toLowerCase()));
  if (found.length === 1) return found[0]!;
  throw new UserError(
    'usage',
    found.length === 0 ? 'no-such-release' : 'ambiguous-release',
    found.length === 0 ? `there is no release ${name}` : `${name} may be ${found.join(' or ')}`,
    { hint: 'lbctl releases lists them' },
  );
}

/** Actions that change who of a release gets connections; going back passes over them, as drains outlast releases. */
const DRAINS = new Set(['drain', 'undrain']);

/** What served before the current release came; else what was kept last of the others. */
function before({ history, releases, current }: NodeState): string {
  const kept = history.filter(({ outcome }) => outcome === 'kept').toReversed();
  const same = new Set([current]);
  let came = current;
  for (const { action, release, before } of kept) {
    if (release !== came) continue;
    came = before;
    if (!DRAINS.has(action)) break;
    same.add(came);
  }
  const others = kept
    .filter(({ action, release }) => !DRAINS.has(action) && !same.has(release))
    .map(({ release }) => release);
  const found = [came, ...others].find((id) => id && !same.has(id) && releases.includes(id));
  if (found) return found;
  throw new UserError('usage', 'nothing-before', 'there is no release to go back to', {
    hint: 'lbctl releases lists those that are there',
  });
}
