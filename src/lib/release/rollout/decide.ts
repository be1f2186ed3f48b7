import type { Outcome } from './outcome.ts';

/** Where a node stands: its outcome as far as it has got, or `brought` when the files of the release are there. */
export type Stage = Outcome | 'brought';

export interface Limits {
  /** How many nodes change at the same time; one at least. */
  readonly batch: number;
  /** How many nodes may fail; one more ends the roll-out. */
  readonly maxErrors: number;
}

/** What comes next; nodes by their places in the list of stages. */
export type Move =
  | { readonly kind: 'push' | 'activate' | 'take-back'; readonly nodes: readonly number[] }
  | { readonly kind: 'end'; readonly verdict: Verdict };

/** `failed` when more nodes failed than may, `interrupted` when somebody asked to begin no more. */
export type Verdict = 'done' | 'failed' | 'interrupted';

const FAILED: readonly Stage[] = ['undone', 'refused', 'stuck', 'lost', 'unreachable'];
const TAKEN_BACK: readonly Stage[] = ['rolled-back', 'not-rolled-back'];

/**
 * Decides what comes next from where all nodes stand. Until one node has kept the release, there is one at a time: the
 * canary. Whoever interrupts lets nodes be as they are; what was to be taken back already is taken back all the same.
 */
export function nextMove(stages: readonly Stage[], { batch, maxErrors }: Limits, interrupted: boolean): Move {
  const at = (...wanted: readonly Stage[]): number[] =>
    stages.flatMap((stage, index) => (wanted.includes(stage) ? [index] : []));
  const [kept, failed] = [at('kept'), at(...FAILED)];
  const tooMany = failed.length > maxErrors;
  const taken = at(...TAKEN_BACK).length > 0;
  if (taken || (tooMany && kept.length === 0)) return { kind: 'end', verdict: 'failed' };
  if (interrupted) return { kind: 'end', verdict: 'interrupted' };
  if (tooMany) return { kind: 'take-back', nodes: kept };
  const brought = at('brought');
  if (brought.length > 0) return { kind: 'activate', nodes: brought };
  const waiting = at('not-begun');
  if (waiting.length > 0) return { kind: 'push', nodes: waiting.slice(0, kept.length === 0 ? 1 : batch) };
  // all that could have it are gone, or have failed as far as they may
  const nobody = stages.length > 0 && kept.length === 0 && at('current').length === 0;
  return { kind: 'end', verdict: nobody ? 'failed' : 'done' };
}
