import { UserError } from '../../lib/errors.ts';
import type { Step } from '../../lib/plan/step.ts';
import { withLive } from '../../lib/pool/with-live.ts';
import type { Newcomers } from '../../lib/providers/provider.ts';
import { author } from '../../lib/release/author.ts';
import { planActivations } from '../../lib/release/plan.ts';
import { limitsOf, readPolicy } from '../../lib/release/rollout/policy.ts';
import { refuseUnreachable, survey, type Surveyed } from '../../lib/release/rollout/survey.ts';
import { type Target, targetsOf, type Wanted } from '../../lib/release/rollout/target.ts';
import { readWaits } from '../../lib/release/settings.ts';
import type { Invocation } from '../command.ts';
import { messageIn } from './message.ts';
import { newcomersOf } from './newcomers.ts';
import type { Choice, Work, World } from './work.ts';

/** Nodes as they are, and what they are to serve. */
export interface Sight {
  /** Nodes that can be asked. */
  readonly able: readonly Surveyed[];
  readonly targets: readonly Target[];
  readonly choice: Choice;
  readonly ids: readonly string[];
  readonly limits: ReturnType<typeof limitsOf>;
  /** What all are to serve, where that is the same. */
  readonly wanted: Wanted | undefined;
  /** What it takes until nodes that come by themselves serve it, too. */
  readonly newcomers: Newcomers;
}

/** Work that changes nothing but servers. */
const POOL = new Set<Work['action']>(['drain', 'undrain', 'add', 'remove']);

/**
 * Asks all nodes what they serve, and chooses what they are to serve.
 * @throws UserError where more of them cannot take part than may.
 */
export async function look({ options, env }: Invocation, work: Work, world: World): Promise<Sight> {
  const { provider, place, loaded } = world;
  const nodes = await provider.nodes(place, env, work.action === 'up');
  const surveyed = await survey(nodes);
  if (surveyed.length === 0)
    throw new UserError('failed', 'no-node', 'there is no node to work on', {
      hint: 'lbctl up makes what lb.yaml says',
    });
  const limits = limitsOf(readPolicy(options), surveyed.length);
  refuseUnreachable(surveyed, limits.maxErrors);
  const able = surveyed.filter(({ state }) => state !== null);
  const choice = await work.choose(world, able);
  const message = messageIn(options) ?? choice.message ?? '';
  const about = { author: author(env), message, source: loaded.file };
  const begin = work.action === 'up';
  const activation = { action: work.action, about, ...readWaits(options), begin };
  const isLive = loaded.balancer.nginx.plus && POOL.has(work.action);
  const chosen = isLive ? await withLive(able, choice.releases) : choice.releases;
  const releases = new Map(chosen.map((release, index) => [able[index]!, release]));
  const targets = targetsOf(surveyed, (asked) => {
    const { drained, ...release } = releases.get(asked)!;
    const state = asked.state!;
    // what nobody uses yet need not be watched unless somebody asks for it
    const isFirst = state.master === null && options['watch'] === undefined;
    const watch = isFirst ? 0 : activation.watch;
    return { ...release, activation: { ...activation, watch, drained, seen: state.drained } };
  });
  refuseUnreachable(targets, limits.maxErrors);
  const ids = [...new Set([...releases.values()].map(({ id }) => id))];
  const newcomers = await newcomersOf(world, chosen);
  const [only] = chosen;
  const wanted = only && { ...only, activation: { ...activation, drained: only.drained } };
  return { able, targets, choice, ids, limits, wanted, newcomers };
}

/** All that is to be done, in its order. */
export async function stepsOf({ choice, targets, newcomers }: Sight): Promise<readonly Step[]> {
  return [
    ...(choice.ahead?.steps ?? []),
    ...(await planActivations(targets)),
    ...newcomers.steps,
    ...(choice.after?.steps ?? []),
    ...(choice.behind?.steps ?? []),
  ];
}

/** What a plan does not show. */
export function remarksOn({ targets, choice }: Pick<Sight, 'targets' | 'choice'>): string[] {
  const out = targets.flatMap(({ trouble }) => (trouble ? [`left out: ${trouble.message}`] : []));
  return [...out, ...(choice.remarks ?? [])];
}
