import { fetchRelease } from '../release/fetch.ts';
import type { Surveyed } from '../release/rollout/survey.ts';
import type { Wanted } from '../release/rollout/target.ts';
import { liveChanges } from './live.ts';

/** Releases with how the nodes, in the same order, come to them by the API of NGINX Plus, where that can be. */
export async function withLive<Release extends Omit<Wanted, 'activation'>>(
  surveyed: readonly Surveyed[],
  releases: readonly Release[],
): Promise<Release[]> {
  const known = new Map<string, Promise<Wanted['live']>>();
  return Promise.all(
    releases.map(async (release, index) => {
      const { node, state } = surveyed[index]!;
      const base = state?.current ?? null;
      if (base === null || base === release.id || state?.serving !== base) return release;
      // a release is the same on all nodes, so one is asked
      const key = `${base} ${release.id}`;
      const live = known.get(key) ?? fetchRelease(node, base).then((files) => between(base, files, release));
      known.set(key, live);
      return { ...release, live: await live };
    }),
  );
}

function between(
  base: string,
  old: Wanted['files'],
  { id, files }: Pick<Wanted, 'id' | 'files'>,
): Wanted['live'] {
  const changes = liveChanges(old, files);
  const reverse = liveChanges(files, old);
  const back = reverse && { base: id, changes: reverse };
  return changes && { there: { base, changes }, back };
}
