/**
 * How a stack stands, as far as that decides what can be done with it:
 * - `none`: there is nothing yet, also where a first change set was left behind
 * - `settled`: it can be changed
 * - `busy`: something is being done with it, and nothing else can be until that has ended
 * - `stuck`: a way back failed, and has to be gone to its end first
 * - `dead`: it can only be deleted
 */
export type Standing = 'none' | 'settled' | 'busy' | 'stuck' | 'dead';

const DEAD = new Set(['CREATE_FAILED', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'DELETE_FAILED']);

/** @param status in CloudFormation's words; null where there is no stack. */
export function standingOf(status: string | null): Standing {
  if (status === null || status === 'REVIEW_IN_PROGRESS' || status === 'DELETE_COMPLETE') return 'none';
  if (status.endsWith('_IN_PROGRESS')) return 'busy';
  if (DEAD.has(status)) return 'dead';
  return status === 'UPDATE_ROLLBACK_FAILED' ? 'stuck' : 'settled';
}
