import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Places } from './places.ts';
import { openFiles, type Process, processes, programOf } from './processes.ts';

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
}

/** What runs under a prefix. */
export interface Found {
  readonly running: Running | null;
  /** Workers whose master is gone; they go on serving, but nobody can reload them. */
  readonly orphans: readonly Worker[];
}

/** The NGINX that was started under a prefix, told by the processes themselves: a pid file can be stale or name another. */
export async function findRunning(places: Places): Promise<Found> {
  const all = (await processes()).filter(({ title }) => title.startsWith('nginx: '));
  const masters = all.filter(({ title }) => title.startsWith('nginx: master process'));
  const mine = masters.find(({ title }) => title.includes(` -p ${places.prefix}/ -c `));
  const children = all.filter(({ parent, title }) => parent === mine?.pid && isWorker(title));
  const pids = new Set(masters.map(({ pid }) => pid));
  const alone = all.filter((process) => !pids.has(process.pid) && !pids.has(process.parent));
  const [workers, orphans] = await Promise.all([
    Promise.all(children.map(describe)),
    orphansOf(places, alone),
  ]);
  return { running: mine ? { master: mine.pid, workers } : null, orphans };
}

function isWorker(title: string): boolean {
  return title.startsWith('nginx: worker process');
}

async function describe({ pid, title }: Process): Promise<Worker> {
  return { pid, since: await started(pid), leaving: title.includes('shutting down') };
}

/** A worker does not name its prefix, but keeps the error log there open for as long as it lives. */
async function orphansOf({ prefix, errorLog }: Places, candidates: readonly Process[]): Promise<Worker[]> {
  if (candidates.length === 0) return [];
  const log = join(await realFolder(prefix), errorLog.slice(prefix.length));
  const mine = await Promise.all(
    candidates.map(async ({ pid }) => {
      const [program, files] = await Promise.all([programOf(pid), openFiles(pid)]);
      return basename(program).includes('nginx') && files.some((file) => file.replace(GONE, '') === log);
    }),
  );
  return Promise.all(candidates.filter((_, index) => mine[index]).map(describe));
}

/** What the system adds to the name of a file that was removed. */
const GONE = / \(deleted\)$/u;

/** A path without links; what is not there stays as it is. */
async function realFolder(path: string): Promise<string> {
  return realpath(path).catch(async () =>
    dirname(path) === path ? path : join(await realFolder(dirname(path)), basename(path)),
  );
}

async function started(pid: number): Promise<Date | null> {
  return stat(`/proc/${pid}`).then(
    ({ ctime }) => ctime,
    () => null,
  );
}
