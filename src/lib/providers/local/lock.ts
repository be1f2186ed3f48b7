import { link, mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../errors.ts';
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
 */
export async function withLock<Result>(
  places: Places,
  claim: Claim,
  work: () => Promise<Result>,
): Promise<Result> {
  const { lock: file } = places;
  await mkdir(dirname(file), { recursive: true }).catch((cause: unknown) => {
    throw notWritable(dirname(file), cause);
  });
  await take(file, claim);
  try {
    // one that cannot be removed is in nobody's way
    await removeDrafts(file).catch(() => undefined);
    for (const end = Date.now() + PATIENCE; Date.now() < end && (await isAtWork(places));) await sleep(POLL);
    return await work();
  } finally {
    await rm(file, { force: true });
    // goes only where nothing else is in it
    await rmdir(dirname(file)).catch(() => undefined);
  }
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

async function take(file: string, claim: Claim): Promise<void> {
  // written first and linked then, so that a lock never stands there without its holder's name
  const mine = `${file}.${process.pid}`;
  const end = Date.now() + (claim.wait ?? 0) * 1000;
  let isTold = false;
  try {
    await write(mine, claim);
    for (let attempt = 0; attempt < 3;) {
      try {
        return await link(mine, file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = await holderIn(file);
      if (await isAlive(Number(holder.pid), holder.mark)) {
        if (Date.now() >= end) throw locked(holder, claim);
        if (!isTold) claim.notify?.(`waiting for ${holder.who} (${holder.why})`);
        isTold = true;
        await sleep(PAUSE);
      } else {
        await rm(file, { force: true });
        attempt++;
      }
    }
  } catch (error) {
    throw error instanceof UserError ? error : notWritable(dirname(file), error);
  } finally {
    await rm(mine, { force: true });
  }
  throw new UserError('failed', 'locked', 'another lbctl works on this balancer', {
    hint: 'run the command again',
  });
}

/** Who holds a lock: numbers for programs on the first line, words for people below. */
interface Holder {
  readonly pid: string;
  readonly since: string;
  readonly mark: string;
  readonly who: string;
  readonly why: string;
}

async function write(file: string, { who, why }: Claim): Promise<void> {
  const line = `${process.pid} ${new Date().toISOString()} ${await startMark(process.pid)}`;
  await writeFile(file, `${[line, who, why.replaceAll(/\p{Cc}/gu, ' ')].join('\n')}\n`);
}

async function holderIn(file: string): Promise<Holder> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const [line = '', who, why] = text.split('\n');
  const [pid = '', since = '', mark = ''] = line.split(' ');
  return { pid, since, mark, who: who || 'another lbctl', why: why || 'it does not say why' };
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
async function removeDrafts(file: string): Promise<void> {
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(`${basename(file)}.`)) continue;
    const draft = join(dirname(file), name);
    const { mark } = await holderIn(draft);
    if (!(await isAlive(Number(name.slice(basename(file).length + 1)), mark)))
      await rm(draft, { force: true });
  }
}
