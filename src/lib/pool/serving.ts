import { alike } from '../release/alike.ts';
import { fetchRelease } from '../release/fetch.ts';
import type { Surveyed } from '../release/rollout/survey.ts';
import type { PoolServer } from './drained.ts';
import { serversIn } from './marked.ts';

/** The servers that NGINX has on the nodes now, each once, whether they are drained or not. */
export async function serversOn(surveyed: readonly Surveyed[]): Promise<PoolServer[]> {
  const serving = surveyed.flatMap(({ node, state }) =>
    state && state.current !== null && state.master !== null ? [{ node, release: state.current }] : [],
  );
  const found = await Promise.all(
    // a release is the same on all nodes, so one is asked
    alike(serving, ({ release }) => release).map(([{ node, release }]) => fetchRelease(node, release)),
  );
  const servers = new Map(
    found
      .flatMap(serversIn)
      .map(({ upstream, address }) => [`${upstream} ${address}`, { upstream, address }]),
  );
  return [...servers.values()];
}
