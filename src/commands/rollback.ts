import { markDrained } from '../lib/pool/marked.ts';
import { alike } from '../lib/release/alike.ts';
import { backOfAll, backOfEach } from '../lib/release/back.ts';
import { fetchRelease } from '../lib/release/fetch.ts';
import { releaseNamed } from '../lib/release/list.ts';
import type { Surveyed } from '../lib/release/rollout/survey.ts';
import type { Invocation, Outcome } from './command.ts';
import { rollOutFrom } from './roll-out/roll-out.ts';
import type { Release, World } from './roll-out/work.ts';

/** `--json`: see `rollOutFrom`. */
export function run(invocation: Invocation): Promise<Outcome> {
  const { args } = invocation;
  return rollOutFrom(invocation, {
    action: 'rollback',
    async choose(world, surveyed) {
      const { ids, remark } = chosen(args[0], surveyed, world);
      const [first, ...others] = new Set(ids);
      const drains = new Set(surveyed.map(({ state }) => state!.drained.toSorted().join(' ')));
      return {
        releases: await withDrainsOf(surveyed, ids),
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
async function withDrainsOf(surveyed: readonly Surveyed[], ids: readonly string[]): Promise<Release[]> {
  const turns = surveyed.map(({ state }, index) => ({ index, id: ids[index]!, drained: state!.drained }));
  const releases: Release[] = [];
  for (const same of alike(turns, ({ id, drained }) => [id, ...drained].join(' '))) {
    const [{ id, drained }] = same;
    const back = markDrained(await filesOf(id, surveyed), drained);
    for (const { index } of same) {
      const isThere = back.id === id && surveyed[index]!.state!.releases.includes(id);
      releases[index] = { ...back, isThere, drained };
    }
  }
  return releases;
}

/** A named release for all nodes, or what served before. */
function chosen(
  name: string | undefined,
  surveyed: readonly Surveyed[],
  { provider }: World,
): ReturnType<typeof backOfEach> {
  // a fleet to which nodes come by themselves can lead them to one release alone
  if (name === undefined) return provider.newcomers ? backOfAll(surveyed) : backOfEach(surveyed);
  const releases = [...new Set(surveyed.flatMap(({ state }) => state!.releases))];
  const id = releaseNamed(name, { ...surveyed[0]!.state!, releases });
  return { ids: surveyed.map(() => id), remark: undefined };
}

/** A release is the same on all nodes, so one is asked that has it. */
function filesOf(id: string, surveyed: readonly Surveyed[]): ReturnType<typeof fetchRelease> {
  return fetchRelease(surveyed.find(({ state }) => state!.releases.includes(id))!.node, id);
}
