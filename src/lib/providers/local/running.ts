import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Places } from './places.ts';
import { openFiles, type Process, processes, programOf, startOf } from './processes.ts';

/** A worker of NGINX. */
export interface Worker {
  readonly pid: number;
  /** When it was started; null where the system does not tell. */
  readonly since: Date | null;
  /** It serves its last connections and goes. */
  readonly leaving: boolean;
}

/** A master and its workers. */
interface Running {
  readonly master: number;
  readonly workers: readonly Worker[];
  /** Prefix that it was started with, where that no longer leads here: it cannot be reloaded. */
  readonly movedFrom: string | null;
}

/** What runs under a prefix. */
export interface Found {
  readonly running: Running | null;
  /** Workers whose master is gone; they go on serving, but nobody can reload them. */
  readonly orphans: readonly Worker[];
}

/** The NGINX that was started under a prefix, told by the processes themselves: a pid file can be stale or name another. */
export async function findRunning({ prefix }: Places): Promise<Found> {
  const all = (await processes()).filter(({ title }) => title.startsWith('nginx: '));
  if (all.length === 0) return { running: null, orphans: [] };
  const real = await realFolder(prefix);
  const masters = all.filter(({ title }) => title.startsWith('nginx: master process'));
  const pids = new Set(masters.map(({ pid }) => pid));
  const alone = all.filter((process) => !pids.has(process.pid) && !pids.has(process.parent));
  const [mine] = await only(masters, (master) => isMaster(master, real));
  const orphans = await only(alone, (worker) => isOrphan(worker, real));
  const children = all.filter(({ parent, title }) => parent === mine?.pid && isWorker(title));
  return {
    running: mine
      ? {
          master: mine.pid,
          workers: await Promise.all(children.map(describe)),
          movedFrom: await movedFrom(mine, real),
        }
      : null,
    orphans: await Promise.all(orphans.map(describe)),
  };
}

async function only(
  list: readonly Process[],
  test: (process: Process) => Promise<boolean>,
): Promise<Process[]> {
  const passed = await Promise.all(list.map(test));
  return list.filter((_, index) => passed[index]);
}

/** The log that it holds open tells where its folder is now, its command line where it was at the start. */
async function isMaster({ pid, title }: Process, real: string): Promise<boolean> {
  const logs = (await namesOf(pid)).filter((name) => name.endsWith(LOG));
  if (logs.length > 0) return logs.includes(`${real}${LOG}`);
  const named = prefixIn(title);
  return named !== undefined && (await realFolder(named)) === real;
}

/** A worker does not name its prefix, but keeps a log there open for as long as it lives. */
async function isOrphan({ pid }: Process, real: string): Promise<boolean> {
  if (!basename(await programOf(pid)).includes('nginx')) return false;
  return (await namesOf(pid)).some((name) => name.startsWith(`${real}/logs/`));
}

const LOG = '/logs/error.log';

/** Names of open files; the system marks those of files that were removed. */
async function namesOf(pid: number): Promise<string[]> {
  return (await openFiles(pid)).map((name) => name.replace(/ \(deleted\)$/u, ''));
}

/** NGINX resolves the paths of its command line anew at each reload. */
async function movedFrom({ title }: Process, real: string): Promise<string | null> {
  const named = prefixIn(title);
  return named === undefined || (await realFolder(named)) === real ? null : named;
}

/** The folder that an NGINX of lbctl was started for, by its command line. */
export function prefixIn(title: string): string | undefined {
  return / -p (\/.*)\/ -c /u.exec(title)?.[1];
}

function isWorker(title: string): boolean {
  return title.startsWith('nginx: worker process');
}

async function describe({ pid, title }: Process): Promise<Worker> {
  return { pid, since: await startOf(pid), leaving: title.includes('shutting down') };
}

/** A path without links; what is not there stays as it is. */
async function realFolder(path: string): Promise<string> {
  return realpath(path).catch(async () =>
    dirname(path) === path ? path : join(await realFolder(dirname(path)), basename(path)),
  );
}
