import type { Lists } from '../../lib/aws/lightsail/lists.ts';
import type { Balancer } from '../../lib/balancer/schema/balancer.ts';
import { UserError } from '../../lib/errors.ts';
import type { Io } from '../../lib/io.ts';
import type { LockdownStep } from '../../lib/lockdown/steps.ts';

interface Closing {
  readonly steps: readonly LockdownStep[];
  readonly remarks: readonly string[];
  take(io: Io): Promise<void>;
}

/**
 * What is left to close where lb.yaml asks that the servers be closed to the world; it comes once all else is done.
 * @param lists of instances that others look at in the same run.
 */
export async function closingAsked(balancer: Balancer, lists: Lists): Promise<Closing> {
  if (!balancer.lockdown) return { steps: [], remarks: [], take: async () => undefined };
  const { planLockdown } = await import('../../lib/lockdown/lockdown.ts');
  const { steps, remarks } = await planLockdown(balancer, lists);
  return {
    steps,
    remarks,
    async take(io) {
      if (steps.length === 0) return;
      const { takeSteps } = await import('../../lib/lockdown/take.ts');
      await takeSteps(steps, io);
    },
  };
}

/** The same in words, for those who only tell. */
export async function openRemarks(balancer: Balancer, lists: Lists): Promise<string[]> {
  try {
    const { steps, remarks } = await closingAsked(balancer, lists);
    return [...steps.map(({ name }) => `${name} is open to the world: lbctl up closes it`), ...remarks];
  } catch (error) {
    if (error instanceof UserError) return [error.message];
    throw error;
  }
}

/** What stays behind where a balancer goes. */
export function closedRemark({ lockdown, name }: Balancer): string | undefined {
  return lockdown
    ? `servers of ${name} stay closed to the world: lbctl lockdown --undo opens them`
    : undefined;
}
