import { setTimeout as sleep } from 'node:timers/promises';

/** Calls of Route 53 that an account may make a second (Quotas, maximums on API requests). */
const PER_SECOND = 5;
/** Milliseconds, and some more, as calls do not take the same time to arrive. */
const SECOND = 1_050;

/** Keeps a program within what the account may do: no second has more calls, however many come at once. */
export function pace(perSecond = PER_SECOND): () => Promise<void> {
  /** When the last calls went, or may go. */
  const last: number[] = [];
  return async () => {
    const now = Date.now();
    const free = last.length < perSecond ? now : Math.max(now, last.shift()! + SECOND);
    last.push(free);
    if (free > now) await sleep(free - now);
  };
}
