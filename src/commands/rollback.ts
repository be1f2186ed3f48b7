import { markDrained } from '../lib/pool/marked.ts';
import { alike } from '../lib/release/alike.ts';
import { UserError } from '../lib/errors.ts';
import { type Back, backOfAll, backOfEach } from '../lib/release/back.ts';
import type { ReleaseFile } from '../lib/release/build.ts';
import { fetchRelease } from '../lib/release/fetch.ts';
import { releaseNamed } from '../lib/release/list.ts';
import type { Surveyed } from '../lib/release/rollout/survey.ts';
import type { Former } from '../lib/release/store/store.ts';
import type { Invocation, Outcome } from './command.ts';
import { rollOutFrom } from './roll-out/roll-out.ts';
import type { Release, World } from './roll-out/work.ts';

/** `--json`: see `rollOutFrom`. */
export function run(invocation: Invocation): Promise<Outcome> {
  const { args } = invocation;
  return rollOutFrom(invocation, {
    action: 'rollback',
    async choose(world, surveyed) {
      const { ids, remark } = await chosen(args[0], surveyed, world);
      const [first, ...others] = new Set(ids);
      const drains = new Set(surveyed.map(({ state }) => state!.drained.toSorted().join(' ')));
      return {
        releases: await withDrainsOf(surveyed, ids, world),
        question: 'Go back to this?',
        remarks: [
          ...(remark === undefined ? [] : [remark]),
          ...(drains.size > 1 ? ['nodes differ in what is drained, and stay so: see lbctl pool list'] : []),
        ],
        again: others.length === 0 ? `lbctl rollback ${first}` : undefined,
        ending: 'lb.yaml is as it was: the next deploy brings what it describes',
      };
    },
  });
}

/** The releases as they are with the servers drained that are so on each node. */
async function withDrainsOf(
  surveyed: readonly Surveyed[],
  ids: readonly string[],
  world: World,
): Promise<Release[]> {
  const turns = surveyed.map(({ state }, index) => ({ index, id: ids[index]!, drained: state!.drained }));
  const releases: Release[] = [];
  for (const same of alike(turns, ({ id, drained }) => [id, ...drained].join(' '))) {
    const [{ id, drained }] = same;
    const back = markDrained(await filesOf(id, surveyed, world), drained);
    for (const { index } of same) {
      const isThere = back.id === id && surveyed[index]!.state!.releases.includes(id);
      releases[index] = { ...back, isThere, drained };
    }
  }
  return releases;
}

/** A named release for all nodes, or what served before. */
async function chosen(name: string | undefined, surveyed: readonly Surveyed[], world: World): Promise<Back> {
  if (name === undefined) return before(surveyed, world);
  const former = (await formerOf(world)).map(({ id }) => id);
  const releases = [...new Set([...surveyed.flatMap(({ state }) => state!.releases), ...former])];
  const id = releaseNamed(name, { ...surveyed[0]!.state!, releases });
  return { ids: surveyed.map(() => id), remark: undefined };
}

async function before(surveyed: readonly Surveyed[], world: World): Promise<Back> {
  // a fleet to which nodes come by themselves can lead them to one release alone
  if (!world.provider.newcomers) return backOfEach(surveyed);
  try {
    return backOfAll(surveyed);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'nothing-before') throw error;
    const id = await formerThan(surveyed[0]!.state!.current, surveyed, world);
    if (id === undefined) throw error;
    const remark = `all nodes have come since release ${id} served: it comes from the bucket`;
    return { ids: surveyed.map(() => id), remark };
  }
}

/** What nodes that came were led to before; not the same with other servers drained. */
async function formerThan(
  current: string | null,
  surveyed: readonly Surveyed[],
  world: World,
): Promise<string | undefined> {
  const former = await formerOf(world);
  if (former.length === 0 || current === null) return undefined;
  const now = markDrained(await filesOf(current, surveyed, world), []).id;
  for (const { id, files } of former) {
    const there = await files();
    if (there !== null && markDrained(there, []).id !== now) return id;
  }
  return undefined;
}

async function formerOf({ provider, place }: World): Promise<readonly Former[]> {
  return (await provider.former?.(place)) ?? [];
}

/** A release is the same on all nodes, so one is asked that has it; or it comes from where it is kept beside them. */
async function filesOf(
  id: string,
  surveyed: readonly Surveyed[],
  world: World,
): Promise<readonly ReleaseFile[]> {
  const holder = surveyed.find(({ state }) => state!.releases.includes(id));
  if (holder) return fetchRelease(holder.node, id);
  const files = await (await formerOf(world)).find((one) => one.id === id)?.files();
  if (files) return files;
  throw new UserError('failed', 'release-gone', `release ${id} is on no node, and kept nowhere any more`, {
    hint: 'bring back the lb.yaml that it came from, and run lbctl deploy',
  });
}
