import type { Invocation } from '../../../aws/ssm.ts';
import { UserError } from '../../../errors.ts';

/** Exit of the script where what it needs could not be fetched, and nothing was begun. */
const UNFETCHED = 'failed to run commands: exit status 3';

/** Statuses that change no more. */
const ENDED = new Set(['Success', 'Failed', 'TimedOut', 'Cancelled', 'Undeliverable', 'Terminated']);

export function hasEnded({ status }: Invocation): boolean {
  return ENDED.has(status);
}

/** Instances that Run Command says it cannot reach, of those that it was asked to. */
export function unreachableIn(error: UserError, instances: readonly string[]): string[] {
  const named = new Set(error.message.match(/\bm?i-[0-9a-f]{8,17}\b/gu));
  return instances.filter((instance) => named.has(instance));
}

/** No agent of that instance waits for commands. */
export function notManaged(name: string, instance: string): UserError {
  return new UserError(
    'failed',
    'not-managed',
    `${name}: Systems Manager does not reach it; nothing was changed`,
    {
      hint: `see whether it runs, and its agent: aws ssm describe-instance-information --filters Key=InstanceIds,Values=${instance}`,
    },
  );
}

/** An instance that was there a moment ago, and is no longer. */
export function left(name: string): UserError {
  return new UserError(
    'failed',
    'left',
    `${name} has left its Auto Scaling group, and is no part of this any more`,
  );
}

/** Why a command that has ended tells nothing of its program. */
export function commandTrouble(name: string, ended: Invocation, printed: string): UserError {
  const { status, details } = ended;
  const evidence = printed.split('\n').filter((line) => line !== '');
  if (printed.includes(UNFETCHED) || evidence.some((line) => line.includes('cannot be read')))
    return new UserError(
      'failed',
      'refused',
      `${name}: it cannot fetch what it is to work with; nothing was changed`,
      {
        evidence: evidence.filter((line) => line !== UNFETCHED).slice(-5),
        hint: 'its role must be allowed s3:GetObject in the bucket of the releases; lbctl up sets that right',
      },
    );
  if (details === 'DeliveryTimedOut' || details === 'Undeliverable' || status === 'Undeliverable')
    return new UserError('failed', 'no-answer', `${name}: it takes no commands; nothing was changed`, {
      hint: 'it may be busy, ending, or cut off from Systems Manager: see lbctl status',
    });
  return lost(name, [
    `the command ended as ${status}${details === status ? '' : ` (${details})`}`,
    ...evidence,
  ]);
}

/** What becomes of a program whose end is not known; it goes on by itself. */
export function lost(name: string, evidence: readonly string[]): UserError {
  return new UserError(
    'failed',
    'connection-lost',
    `it is not known what ${name} did with its last command`,
    {
      evidence,
      hint: 'the node goes on by itself; run the command again to see what became of it',
    },
  );
}
