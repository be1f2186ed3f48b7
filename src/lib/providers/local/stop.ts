import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { accepting } from './holder.ts';
import type { Places } from './places.ts';
import { findRunning } from './running.ts';
import { send } from './signal.ts';

/** A signal, how long it is given to work, in milliseconds, and what is said before it. */
interface Rung {
  readonly signal: 'SIGQUIT' | 'SIGTERM' | 'SIGKILL';
  readonly patience: number;
  readonly warning?: string;
}

/** Open requests get their time; what does not heed is ended the harder way. */
const RUNGS: readonly Rung[] = [
  { signal: 'SIGQUIT', patience: 10_000 },
  { signal: 'SIGTERM', patience: 4000, warning: 'requests are still open after 10 s; they are cut' },
  { signal: 'SIGKILL', patience: 4000, warning: 'NGINX does not end 4 s after that; it is killed' },
];
/** Time between two looks, in milliseconds. */
const POLL = 50;

/** Stops all of NGINX that runs under a prefix. */
export async function stop(places: Places, io: Io): Promise<void> {
  io.notify({ kind: 'start', text: 'stopping NGINX when its open requests are done' });
  await end(io, async (signal) => {
    const { running, orphans } = await findRunning(places);
    // a master hands every signal on to its workers, except the one that it does not live to see
    const workers = signal === 'SIGKILL' ? (running?.workers ?? []) : [];
    return [...(running ? [running.master] : []), ...[...workers, ...orphans].map(({ pid }) => pid)];
  });
  io.notify({ kind: 'done', text: 'NGINX is stopped' });
}

/** Has workers without a master listen no longer; those that still serve a request may finish it. */
export async function retireOrphans(places: Places, io: Io): Promise<void> {
  io.notify({ kind: 'start', text: 'stopping workers whose master is gone' });
  await end(io, async () => {
    const { orphans } = await findRunning(places);
    const taking = new Set(await accepting(orphans.map(({ pid }) => pid)));
    return orphans.filter(({ pid, leaving }) => !leaving || taking.has(pid)).map(({ pid }) => pid);
  });
  io.notify({ kind: 'done', text: 'workers whose master is gone listen no longer' });
}

/** Signals what is left, ever more firmly, until nothing is. */
async function end(io: Io, remaining: (signal: Rung['signal']) => Promise<readonly number[]>): Promise<void> {
  for (const { signal, patience, warning } of RUNGS) {
    if (warning !== undefined) io.notify({ kind: 'warn', text: warning });
    const told = new Set<number>();
    for (const until = Date.now() + patience; Date.now() < until; await sleep(POLL)) {
      const left = await remaining(signal);
      if (left.length === 0) return;
      for (const pid of left.filter((pid) => !told.has(pid))) send(pid, signal);
      for (const pid of left) told.add(pid);
    }
  }
  const left = (await remaining('SIGKILL')).join(', ');
  if (left === '') return;
  throw new UserError('failed', 'still-running', `NGINX does not end, though it was killed: pid ${left}`, {
    hint: 'the system holds it, as it does while a disk does not answer; run the command again later',
  });
}
