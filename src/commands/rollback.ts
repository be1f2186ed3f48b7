import { UserError } from '../lib/errors.ts';
import { fetchRelease } from '../lib/release/fetch.ts';
import { releaseNamed } from '../lib/release/list.ts';
import type { Surveyed } from '../lib/release/rollout/survey.ts';
import type { Invocation, Outcome } from './command.ts';
import { rollOutFrom } from './roll-out.ts';

/** `--json`: see `rollOutFrom`. */
export function run(invocation: Invocation): Promise<Outcome> {
  const { args } = invocation;
  return rollOutFrom(invocation, {
    action: 'rollback',
    question: 'Go back to this?',
    prepare: async () => async (surveyed) => {
      const ids = chosen(args[0], surveyed);
      const bundles = new Map(
        await Promise.all([...new Set(ids)].map(async (id) => [id, await filesOf(id, surveyed)] as const)),
      );
      return surveyed.map(({ state }, index) => {
        const id = ids[index]!;
        return { id, files: bundles.get(id)!, isThere: state!.releases.includes(id) };
      });
    },
  });
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
