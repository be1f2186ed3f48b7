import { setTimeout as sleep } from 'node:timers/promises';
import type { Io } from '../../io.ts';
import type { Places } from './places.ts';
import { findRunning } from './running.ts';
import { send } from './signal.ts';

/** A signal, and how long it is given to work, in milliseconds. */
interface Rung {
  readonly signal: 'SIGQUIT' | 'SIGTERM';
  readonly patience: number;
}

/** Open requests get their time; what does not heed is ended the harder way. */
const RUNGS: readonly Rung[] = [
  { signal: 'SIGQUIT', patience: 10_000 },
  { signal: 'SIGTERM', patience: Infinity },
];
/** Time between two looks, in milliseconds. */
const POLL = 50;

/** Stops all of NGINX that runs under a prefix. */
export async function stop(places: Places, io: Io): Promise<void> {
  io.notify({ kind: 'start', text: 'stopping NGINX when its open requests are done' });
  await end(io, async () => {
    const { running, orphans } = await findRunning(places);
    return [...(running ? [running.master] : []), ...orphans.map(({ pid }) => pid)];
  });
  io.notify({ kind: 'done', text: 'NGINX is stopped' });
}

/** Has workers without a master listen no longer; those that still serve a request may finish it. */
export async function retireOrphans(places: Places, io: Io): Promise<void> {
  io.notify({ kind: 'start', text: 'stopping workers whose master is gone' });
  await end(io, async () => {
    const { orphans } = await findRunning(places);
    return orphans.filter(({ leaving }) => !leaving).map(({ pid }) => pid);
  });
  io.notify({ kind: 'done', text: 'workers whose master is gone listen no longer' });
}

/** Signals what is left, ever more firmly, until nothing is. */
async function end(io: Io, remaining: () => Promise<readonly number[]>): Promise<void> {
  for (const { signal, patience } of RUNGS) {
    const told = new Set<number>();
    for (const until = Date.now() + patience; Date.now() < until; await sleep(POLL)) {
      const left = await remaining();
      if (left.length === 0) return;
      for (const pid of left.filter((pid) => !told.has(pid))) send(pid, signal);
      for (const pid of left) told.add(pid);
    }
    if (signal === 'SIGQUIT')
      io.notify({
        kind: 'warn',
        text: `requests are still open after ${patience / 1000} s; they are cut`,
      });
  }
}
