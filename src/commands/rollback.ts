import { UserError } from '../lib/errors.ts';
import { markDrained } from '../lib/pool/marked.ts';
import { alike } from '../lib/release/alike.ts';
import { fetchRelease } from '../lib/release/fetch.ts';
import { releaseNamed } from '../lib/release/list.ts';
import type { Surveyed } from '../lib/release/rollout/survey.ts';
import type { Invocation, Outcome } from './command.ts';
import { rollOutFrom } from './roll-out/roll-out.ts';
import type { Release } from './roll-out/work.ts';

/** `--json`: see `rollOutFrom`. */
export function run(invocation: Invocation): Promise<Outcome> {
  const { args } = invocation;
  return rollOutFrom(invocation, {
    action: 'rollback',
    async choose(_, surveyed) {
      const ids = chosen(args[0], surveyed);
      const [first, ...others] = new Set(ids);
      const drains = new Set(surveyed.map(({ state }) => state!.drained.toSorted().join(' ')));
      return {
        releases: await withDrainsOf(surveyed, ids),
        question: 'Go back to this?',
        remarks: [
          ...(others.length > 0 ? ['nodes go to different releases; name one to have all serve it'] : []),
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

/** A named release for all nodes, or for each what served there before. */
function chosen(name: string | undefined, surveyed: readonly Surveyed[]): string[] {
  if (name !== undefined) {
    const releases = [...new Set(surveyed.flatMap(({ state }) => state!.releases))];
    const id = releaseNamed(name, { ...surveyed[0]!.state!, releases });
    return surveyed.map(() => id);
  }
  return surveyed.map(({ node, state }) => {
    try {
      return releaseNamed(undefined, state!);
    } catch (error) {
      if (surveyed.length === 1 || !(error instanceof UserError)) throw error;
      throw new UserError(error.kind, error.code, `${node.transport.name}: ${error.message}`, {
        hint: 'name a release that another node has: lbctl releases lists them',
      });
    }
  });
}

/** A release is the same on all nodes, so one is asked that has it. */
function filesOf(id: string, surveyed: readonly Surveyed[]): ReturnType<typeof fetchRelease> {
  return fetchRelease(surveyed.find(({ state }) => state!.releases.includes(id))!.node, id);
}
