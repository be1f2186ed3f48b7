import { Aborted, UserError } from '../../lib/errors.ts';
import type { Io } from '../../lib/io.ts';
import type { Plan } from '../../lib/plan/step.ts';
import type { Target } from '../../lib/release/rollout/target.ts';
import { renderPlan } from '../../lib/ui/plan.ts';
import { withProgress } from '../../lib/ui/progress.ts';
import type { Terminal } from '../../lib/ui/terminal.ts';
import type { Invocation } from '../command.ts';
import { goAhead } from './ahead.ts';
import { leadNewcomers } from './newcomers.ts';
import { look, remarksOn, type Sight, stepsOf } from './sight.ts';
import { takePart } from './take-part.ts';
import { idle, watched } from './watched.ts';
import type { Behind, RolledOut, Work, World } from './work.ts';

/** What was planned, and what has come of it. */
export interface Ended {
  readonly plan: Plan;
  /** What the plan was made from. */
  readonly sight: Sight;
  readonly rolledOut: RolledOut;
  /** What went wrong when all nodes served their release. */
  readonly late: UserError | undefined;
}

interface Manner {
  /** Seconds between batches. */
  readonly pause: number;
  /** Said before the first change. */
  begin(): void;
}

/**
 * Shows what is to be done, and does it where nobody objects.
 * @throws Aborted where somebody does.
 */
export async function carryOut(
  invocation: Invocation,
  work: Work,
  world: World,
  { pause, begin }: Manner,
): Promise<Ended> {
  const { terminal, options, env } = invocation;
  const again = (): Promise<Sight> => look(invocation, work, world);
  const sight = await again();
  const { choice, targets, limits } = sight;
  const { after, around } = choice;
  const plan: Plan = {
    balancer: world.loaded.balancer.name,
    provider: world.provider.name,
    steps: await stepsOf(sight),
  };
  show(terminal, plan, sight);
  if (plan.steps.length === 0 && !around)
    return { plan, sight, rolledOut: await idle(targets, { limits, pause }), late: undefined };
  if (choice.refusal) throw choice.refusal;
  return withProgress(terminal, { yes: options['yes'] === true }, async (io) => {
    const asks = work.action !== 'up' || movesTraffic(plan, targets);
    if (asks && !(await io.confirm(choice.question))) throw new Aborted('nothing was changed');
    begin();
    const now = await goAhead(sight, again, io);
    const settings = { limits: now.limits, pause };
    const bring = (some: readonly Target[]): Promise<RolledOut> =>
      some.some(({ wanted }) => wanted)
        ? watched(terminal, io, some, { ...settings, isAlone: some === now.targets && some.length === 1 })
        : idle(some, settings);
    let unled: UserError | undefined;
    const roll = async (): Promise<RolledOut> => {
      const brought = await bring(now.targets);
      return leadNewcomers({ ...world, env }, now, brought, bring, io).catch((error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        unled = error;
        return brought;
      });
    };
    const rolledOut = await (around ? around(roll, io) : roll());
    if (unled) return { plan, sight, rolledOut, late: unled };
    if (rolledOut.verdict === 'done' && after && after.steps.length > 0) await takePart(after, choice, io);
    return { plan, sight, rolledOut, late: await follow(now.choice.behind, rolledOut, io) };
  });
}

function show(terminal: Terminal, plan: Plan, sight: Sight): void {
  const { head, notes } = sight.choice;
  const style = terminal.noteStyle;
  if (head !== undefined) terminal.note(head);
  terminal.note(renderPlan(plan, style));
  for (const line of remarksOn(sight)) terminal.note(`${style.yellow('!')} ${line}`);
  if (notes !== undefined) terminal.note(notes);
}

/** Whether somebody may notice, or has to pay; what is only created serves nobody yet. */
function movesTraffic({ steps }: Plan, targets: readonly Target[]): boolean {
  const isRunning = targets.some(({ state, wanted }) => wanted !== undefined && state?.master !== null);
  return isRunning || steps.some(({ action, monthly }) => action !== 'create' || monthly !== undefined);
}

/** Takes what comes when all nodes serve their release; gives what went wrong, so that the rest is told, too. */
async function follow(
  behind: Behind | undefined,
  { verdict }: RolledOut,
  io: Io,
): Promise<UserError | undefined> {
  if (!behind || behind.steps.length === 0 || verdict !== 'done') return undefined;
  try {
    await behind.take(io);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}
