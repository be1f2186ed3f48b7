import { setTimeout as sleep } from 'node:timers/promises';

/** Calls of Route 53 that an account may make a second (Quotas, maximums on API requests). */
const PER_SECOND = 5;

/**
 * Keeps a program within what the account may do, with a little left for others: as many calls as there are in a second at
 * once, and then one after the other.
 */
export function pace(perSecond = PER_SECOND): () => Promise<void> {
  const gap = 1000 / perSecond;
  let free = 0;
  return async () => {
    const now = Date.now();
    free = Math.max(free, now - 1000 + gap) + gap;
    const wait = free - now;
    if (wait > 0) await sleep(wait);
  };
}
