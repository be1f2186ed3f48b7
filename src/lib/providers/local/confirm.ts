import { setTimeout as sleep } from 'node:timers/promises';
import type { Release } from '../../release/build.ts';
import { askMetrics } from './ask.ts';
import { accepting } from './holder.ts';
import type { Places } from './places.ts';
import { findRunning } from './running.ts';

/** Longest wait for a release to answer, in milliseconds. */
const TIMEOUT = 15_000;
/** Time between two looks, in milliseconds. */
const POLL = 50;

/** Waits until a release answers; gives up early when `hindered` says so. */
export async function confirm(
  { digest, sockets }: Release,
  hindered = async () => false,
  settled = async () => true,
): Promise<boolean> {
  const answers = async () => (await askMetrics(sockets, '/release')) === digest;
  for (const end = Date.now() + TIMEOUT; Date.now() < end; await sleep(POLL)) {
    if ((await settled()) && (await answers())) return true;
    if (await hindered()) return false;
  }
  // a worker of before that hangs is no reason to give up what answers
  return answers();
}

/** Whether workers that a reload replaces have let go: until then any of them can take the next connection. */
export async function haveLetGo(places: Places, pids: readonly number[]): Promise<boolean> {
  const { running } = await findRunning(places);
  const left = (running?.workers ?? []).filter(({ pid }) => pids.includes(pid));
  // NGINX changes the title first and closes the sockets then
  return left.every(({ leaving }) => leaving) && (await accepting(left.map(({ pid }) => pid))).length === 0;
}
