import type { Balancer } from '../balancer/schema/balancer.ts';
import { UserError } from '../errors.ts';
import { alike } from '../release/alike.ts';
import { nameIn } from '../release/build.ts';
import { fetchRelease } from '../release/fetch.ts';
import type { Wanted } from '../release/rollout/target.ts';
import type { Surveyed } from '../release/rollout/survey.ts';
import { serverOf, wordOf } from './drained.ts';
import { markDrained, serversIn } from './marked.ts';
import type { Named } from './names.ts';

/** A node with what it serves now. */
export interface Serving {
  readonly files: Wanted['files'];
  /** Words of the servers that are drained there. */
  readonly drained: readonly string[];
  /** Words of the servers that its release has and that are not down by lb.yaml. */
  readonly usable: ReadonlySet<string>;
}

/**
 * What nodes serve, in their order.
 * @throws UserError `failed` where that is none of lbctl's, or NGINX does not run on the only one.
 */
export async function servingOn(surveyed: readonly Surveyed[]): Promise<Serving[]> {
  for (const { node, state } of surveyed) {
    // of several, those whose NGINX does not run are told like others that cannot take part
    if (state!.current !== null && (state!.master !== null || surveyed.length > 1)) continue;
    const isStopped = state!.master === null;
    throw new UserError('failed', 'nothing-serves', `${node.transport.name}: no release of lbctl serves`, {
      hint: isStopped ? 'lbctl up starts it' : 'lbctl deploy brings one',
    });
  }
  const turns = surveyed.map(({ node, state }, index) => ({ node, state: state!, index }));
  const found: Serving[] = [];
  await Promise.all(
    // a release is the same on all nodes, so one is asked
    alike(turns, ({ state }) => state.current!).map(async (same) => {
      const files = await fetchRelease(same[0].node, same[0].state.current!);
      const servers = serversIn(files).map((server) => ({ word: wordOf(server), down: server.down }));
      for (const { state, index } of same) {
        const { drained } = state;
        const usable = servers.filter(({ word, down }) => !down || drained.includes(word));
        found[index] = { files, drained, usable: new Set(usable.map(({ word }) => word)) };
      }
    }),
  );
  return found;
}

/** The servers that can be named: those of lb.yaml, and of upstreams that discover them those that nodes have. */
export function asServed({ upstreams }: Balancer, serving: readonly Serving[]): Named {
  const words = [...new Set(serving.flatMap(({ usable }) => [...usable]))].map(serverOf);
  const named = Object.entries(upstreams).map(([name, { discover, servers }]) => [
    name,
    { servers: discover ? words.filter(({ upstream }) => upstream === name) : servers },
  ]);
  return { upstreams: Object.fromEntries(named) as Named['upstreams'] };
}

/**
 * The releases that nodes serve with other servers drained, and no other change, in the order of the nodes.
 * @param change gives the words of the servers that are to be drained from those that are.
 * @throws UserError `failed` where an upstream would have no server left.
 */
export function redrained(
  serving: readonly Serving[],
  change: (drained: readonly string[]) => readonly string[],
): (Omit<Wanted, 'activation'> & { readonly drained: readonly string[] })[] {
  const turns = serving.map((node, index) => ({ ...node, index }));
  const found: ReturnType<typeof redrained> = [];
  for (const same of alike(turns, ({ files, drained }) => [nameIn(files), ...drained].join(' '))) {
    const [{ files, drained: before }] = same;
    const drained = change(before);
    const release = markDrained(files, drained);
    refuseLast(release.files, before, drained);
    // also where it is there: which of its servers are down by lb.yaml may be another story
    for (const { index } of same) found[index] = { ...release, isThere: false, drained };
  }
  return found;
}

function refuseLast(files: Wanted['files'], before: readonly string[], now: readonly string[]): void {
  const servers = serversIn(files);
  for (const word of now.filter((word) => !before.includes(word))) {
    const { upstream, address } = serverOf(word);
    if (servers.some((server) => server.upstream === upstream && !server.down)) continue;
    throw new UserError(
      'failed',
      'last-server',
      `${address} is the last server of upstream ${upstream} that takes connections`,
      { hint: `add another one first: lbctl pool add ${upstream} ADDRESS` },
    );
  }
}
