import { access } from 'node:fs/promises';
import { askMetrics } from './ask.ts';
import type { Places } from './places.ts';
import { findRunning, type Found } from './running.ts';
import { currentRelease, servingOver, type Stored } from './releases.ts';

/** What there is of a balancer on this machine. */
export interface Observed extends Found {
  /** Whether anything is left on disk, be it half made. */
  readonly exists: boolean;
  /** The release that NGINX would load if it started now. */
  readonly current: Stored | null;
  /** Digest of the release that answers requests; null where none does. */
  readonly serving: string | null;
  /** That of the one that NGINX has loaded: another one where NGINX Plus was brought to what serves by its API. */
  readonly loaded: string | null;
}

export async function observe(places: Places): Promise<Observed> {
  const [exists, { running, orphans }, current] = await Promise.all([
    access(places.prefix).then(
      () => true,
      () => false,
    ),
    findRunning(places),
    currentRelease(places),
  ]);
  const loaded = running && current ? await askMetrics(current.sockets, '/release') : null;
  const serving = loaded === null ? null : await servingOver(loaded, places, current);
  return { exists, running, orphans, current, serving, loaded };
}
