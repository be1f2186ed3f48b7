import { UserError } from '../errors.ts';
import { alike } from './alike.ts';
import { releaseNamed } from './list.ts';
import type { Surveyed } from './rollout/survey.ts';

/** What nodes go back to. */
export interface Back {
  /** The release of each node, in their order. */
  readonly ids: readonly string[];
  /** Why it is that, where it does not go without saying. */
  readonly remark: string | undefined;
}

/**
 * What served on each node before.
 * @throws UserError `usage` where there is nothing on one of them.
 */
export function backOfEach(surveyed: readonly Surveyed[]): Back {
  const ids = surveyed.map((one) => {
    const before = backOf(one);
    if (typeof before === 'string') return before;
    const { kind, code, message } = before;
    if (surveyed.length === 1) throw before;
    throw new UserError(kind, code, `${one.node.transport.name}: ${message}`, {
      hint: 'name a release that another node has: lbctl releases lists them',
    });
  });
  const isOne = new Set(ids).size === 1;
  return { ids, remark: isOne ? undefined : 'nodes go to different releases; name one to have all serve it' };
}

/**
 * What served before on a fleet whose nodes come and go and are to serve the same: those decide to which the latest release
 * was brought, and that have not come with it. The others go where these go.
 * @throws UserError `usage` where no node has served anything else.
 */
export function backOfAll(surveyed: readonly Surveyed[]): Back {
  const found = surveyed.flatMap((one) => {
    const before = backOf(one);
    return typeof before === 'string' ? [{ current: one.state!.current, before, time: broughtAt(one) }] : [];
  });
  const [latest] = found.toSorted((a, b) => b.time - a.time);
  if (!latest)
    throw new UserError('usage', 'nothing-before', 'no node has served another release', {
      hint: 'nodes know of none, nor does the bucket: bring back the lb.yaml of before, and run lbctl deploy',
    });
  const votes = found.filter(({ current }) => current === latest.current);
  const [most] = alike(votes, ({ before }) => before).toSorted((a, b) => b.length - a.length);
  const id = most![0].before;
  const isOne = found.length === surveyed.length && found.every(({ before }) => before === id);
  return {
    ids: surveyed.map(() => id),
    remark: isOne ? undefined : `nodes have served different releases before: all go to ${id}`,
  };
}

function backOf({ state }: Surveyed): string | UserError {
  try {
    return releaseNamed(undefined, state!);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** When the release that serves came to a node, in milliseconds since 1970; 0 where that is not known. */
function broughtAt({ state }: Surveyed): number {
  const { history, current } = state!;
  const last = history.findLast(({ release, outcome }) => release === current && outcome === 'kept');
  return last?.time.getTime() ?? 0;
}
