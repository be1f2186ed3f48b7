import { UserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { alike } from '../../release/alike.ts';
import { each } from '../../release/rollout/each.ts';
import { perform, type Tools } from './execute.ts';
import type { LightsailStep } from './steps.ts';

/** Instances that are worked on at the same time: waiting is most of it, and the service's rate is far away. */
const AT_ONCE = 8;

/**
 * Takes steps, those of one instance one after the other, those of several side by side. Where one fails, the others
 * come to their end first, so that the next run finds little left.
 * @throws UserError what went wrong with the first, with what went wrong with others as its evidence.
 */
export async function takeSteps(
  steps: readonly LightsailStep[],
  toolsFor: (step: LightsailStep) => Tools,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  const lanes = alike(steps, ({ region, machine }) => `${region}/${machine}`);
  const errors: unknown[] = [];
  const alone = lanes.length === 1;
  await each(lanes, AT_ONCE, async (lane) => {
    for (const step of lane) {
      if (signal.aborted) return;
      const text = textOf(step);
      io.notify({ kind: alone ? 'start' : 'info', text });
      try {
        await perform(step, toolsFor(step));
      } catch (error) {
        io.notify({ kind: 'failed', text });
        errors.push(error);
        return;
      }
      if (alone) io.notify({ kind: 'done', text });
    }
  });
  if (errors.length > 0) throw together(errors);
}

function together(errors: readonly unknown[]): unknown {
  const [first, ...others] = errors;
  if (!(first instanceof UserError) || others.length === 0) return first;
  const { kind, code, message, hint, evidence, cause } = first;
  const lines = others.map((error) => (error instanceof Error ? error.message : String(error)));
  return new UserError(kind, code, message, { hint, cause, evidence: [...evidence, ...new Set(lines)] });
}

function textOf(step: LightsailStep): string {
  const { machine } = step;
  switch (step.kind) {
    case 'make':
      return `making the instance ${machine}`;
    case 'start':
      return `starting the instance ${machine}`;
    case 'address':
      return `giving ${machine} the address ${step.address}`;
    case 'ports':
      return `setting the firewall of ${machine}`;
    case 'tags':
      return `tagging ${machine}`;
    case 'snapshots':
      return `setting the snapshots of ${machine}`;
    case 'boot':
      return `waiting for NGINX on ${machine}`;
    case 'release-address':
      return `giving back the address ${step.address}`;
    case 'delete':
      return `deleting the instance ${machine}`;
  }
}
