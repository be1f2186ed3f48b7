import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Aborted, UserError } from '../../errors.ts';
import type { Claim } from '../provider.ts';
import type { Places } from './places.ts';
import { isAlive, startMark } from './processes.ts';
import { notWritable } from './writing.ts';

/** Milliseconds between two looks at a lock that somebody holds. */
const PAUSE = 200;

/** Longest wait for what a killed run has begun, and time between two looks, in milliseconds. */
const PATIENCE = 15_000;
const POLL = 50;

/**
 * Runs `work` while no other lbctl works on the same balancer. A lock whose holder is gone is taken over; what it had
 * begun may go on by itself, and is waited for.
 * @throws UserError `failed` where another one is at work for longer than is waited, or the folder cannot be written.
 * @throws Aborted as the signal of the claim says, while it waits.
 */
export async function withLock<Result>(
  places: Places,
  claim: Claim,
  work: () => Promise<Result>,
): Promise<Result> {
  const { lock } = places;
  // the folder of lb.yaml is there; and a recursive mkdir of Node gives other reasons than the system
  await mkdir(dirname(lock)).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw notWritable(dirname(lock), cause);
  });
  await keepFromGit(dirname(lock));
  const own = await take(lock, claim);
  try {
    // one that cannot be removed is in nobody's way
    await removeDrafts(lock).catch(() => undefined);
    for (const end = Date.now() + PATIENCE; Date.now() < end && (await isAtWork(places));) {
      claim.signal?.throwIfAborted();
      await sleep(POLL);
    }
    return await work();
  } finally {
    await rm(own, { force: true });
    // they go only where nothing else is in them
    await rmdir(lock).catch(() => undefined);
    await removeEmpty(dirname(lock)).catch(() => undefined);
  }
}

/** Logs and releases of a machine are nothing to commit beside lb.yaml. */
const IGNORE = '.gitignore';

/** Has git leave the folder alone; where that cannot be written, what is in it can be all the same. */
async function keepFromGit(home: string): Promise<void> {
  await writeFile(join(home, IGNORE), '*\n', { flag: 'wx' }).catch(() => undefined);
}

/** Removes the folder of all balancers once there is none. */
async function removeEmpty(home: string): Promise<void> {
  if ((await readdir(home)).some((name) => name !== IGNORE)) return;
  await rm(join(home, IGNORE), { force: true });
  // one that has come meanwhile keeps it
  await rmdir(home).catch(() => keepFromGit(home));
}

/** @throws UserError `failed` while the script of the node is at work, which nobody waits for any more. */
export async function refuseWhileAtWork(places: Places): Promise<void> {
  if (!(await isAtWork(places))) return;
  throw new UserError('failed', 'locked', 'what an earlier lbctl has begun is still going on', {
    hint: 'run the command again when it is done; lbctl releases tells what came of it',
  });
}

/** Whether the script of the node holds its lock: a file in a folder, named by the process and its start. */
async function isAtWork({ prefix }: Places): Promise<boolean> {
  const holders = await readdir(join(prefix, 'lock')).catch(() => []);
  const alive = holders.map((name) => {
    const [, pid, mark = ''] = /^(\d+)\.(\d*)$/u.exec(name) ?? [];
    return isAlive(Number(pid), mark);
  });
  return (await Promise.all(alive)).includes(true);
}

/**
 * A lock is a folder that holds a file named by its holder. It comes there in one rename, which never replaces a folder that
 * holds something; and of several that take over what a dead process left, one finds the name of its file still there.
 */
async function take(lock: string, claim: Claim): Promise<string> {
  const name = `${process.pid}.${await startMark(process.pid)}`;
  const draft = `${lock}.${process.pid}`;
  const end = Date.now() + (claim.wait ?? 0) * 1000;
  let isTold = false;
  try {
    // of an earlier process of that number
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft);
    await writeFile(join(draft, name), linesOf(claim));
    while (!(await renamed(draft, lock, 'ENOTEMPTY', 'EEXIST'))) {
      const holder = await holderIn(lock);
      if (!holder) continue;
      if (holder.name !== name && (await isAlive(holder.pid, holder.mark))) {
        if (Date.now() >= end) throw locked(holder, claim);
        if (!isTold) claim.notify?.(`waiting for ${holder.who} (${holder.why})`);
        isTold = true;
        await sleep(PAUSE);
        claim.signal?.throwIfAborted();
      } else if (await renamed(join(lock, holder.name), join(lock, name), 'ENOENT')) {
        await rename(join(draft, name), join(lock, name));
        break;
      }
    }
    return join(lock, name);
  } catch (error) {
    throw error instanceof UserError || error instanceof Aborted ? error : notWritable(dirname(lock), error);
  } finally {
    // where not even that can be done, why has been told
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Renames; false where it fails as it does when somebody else was faster. */
async function renamed(from: string, to: string, ...codes: readonly string[]): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (codes.includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Who holds a lock. */
interface Holder {
  /** Of its file: the process, and when that began. */
  readonly name: string;
  readonly pid: number;
  readonly mark: string;
  readonly since: string;
  readonly who: string;
  readonly why: string;
}

function linesOf({ who, why }: Claim): string {
  return `${[new Date().toISOString(), who, why.replaceAll(/\p{Cc}/gu, ' ')].join('\n')}\n`;
}

/** Null where nobody does any more. */
async function holderIn(lock: string): Promise<Holder | null> {
  const [name] = await readdir(lock).catch(() => []);
  if (name === undefined) return null;
  const text = await readFile(join(lock, name), 'utf8').catch(() => '');
  const [since = '', who, why] = text.split('\n');
  const [pid, mark = ''] = name.split('.');
  const told = { since, who: who || 'another lbctl', why: why || 'it does not say why' };
  return { name, pid: Number(pid), mark, ...told };
}

function locked({ pid, since, who, why }: Holder, { wait }: Claim): UserError {
  return new UserError(
    'failed',
    'locked',
    `${who} is at work on this balancer (${why}; pid ${pid}, since ${since})`,
    {
      hint:
        wait === undefined
          ? 'wait until it is done, then run the command again'
          : 'wait for it with --lock-wait 60s',
    },
  );
}

/** Whoever is killed while it takes the lock leaves what it wrote for that. */
async function removeDrafts(lock: string): Promise<void> {
  for (const name of await readdir(dirname(lock))) {
    if (!name.startsWith(`${basename(lock)}.`)) continue;
    const draft = join(dirname(lock), name);
    const mark = (await holderIn(draft))?.mark ?? '';
    if (!(await isAlive(Number(name.slice(basename(lock).length + 1)), mark)))
      await rm(draft, { recursive: true, force: true });
  }
}
