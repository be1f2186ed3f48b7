import { setTimeout as sleep } from 'node:timers/promises';
import type { Io } from '../../lib/io.ts';

/**
 * What goes next may still be given out by resolvers, and must be there until they ask again.
 * @param signal ends the wait.
 */
export async function untilForgotten(seconds: number, io: Io, signal?: AbortSignal): Promise<void> {
  if (seconds === 0) return;
  const text = `resolvers forget what was there before (${seconds} s)`;
  io.notify({ kind: 'start', text });
  await sleep(seconds * 1000, undefined, { signal }).catch((error: unknown) => {
    if (!signal?.aborted) throw error;
  });
  if (!signal?.aborted) io.notify({ kind: 'done', text });
}
