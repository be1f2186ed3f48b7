import { setTimeout as sleep } from 'node:timers/promises';
import type { Io } from '../../lib/io.ts';

/** What goes next may still be given out by resolvers, and must be there until they ask again. */
export async function untilForgotten(seconds: number, io: Io): Promise<void> {
  if (seconds === 0) return;
  const text = `resolvers forget what was there before (${seconds} s)`;
  io.notify({ kind: 'start', text });
  await sleep(seconds * 1000);
  io.notify({ kind: 'done', text });
}
