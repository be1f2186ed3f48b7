import { readdir, readFile, readlink } from 'node:fs/promises';
import { run } from './command.ts';

/** A process of this machine. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Its command line; NGINX writes its role there. */
  readonly title: string;
}

/** Every process that can be seen. */
export async function processes(): Promise<Process[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/u.test(name));
  if (pids.length === 0) return processesByPs();
  const found = await Promise.all(pids.map(readProcess));
  return found.filter((process) => process !== null);
}

async function readProcess(pid: string): Promise<Process | null> {
  try {
    const [title, [state, parent]] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      statOf(pid),
    ]);
    if (ENDED.has(state)) return null;
    return { pid: Number(pid), parent: Number(parent), title: title.replaceAll('\0', ' ') };
  } catch {
    return null;
  }
}

/** Fields of /proc/PID/stat from the third on. */
async function statOf(pid: number | string): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // the name in parentheses can hold anything, so the fields are counted from its end
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** States of processes that have ended, and only wait for their parents to take note. */
const ENDED = new Set<string | undefined>(['Z', 'X', 'x']);

/** Place of the time when a process started, in ticks since the system did. */
const START = 19;

/** Tells a process from a later one with the same number; an empty text where the system does not tell or none runs. */
export async function startMark(pid: number): Promise<string> {
  return statOf(pid).then(
    (fields) => fields[START] ?? '',
    () => '',
  );
}

/** Ticks a second in what the kernel tells to programs, whatever it counts by itself. */
const TICKS = 100;

/** When a process started, by the second; null where the system does not tell. The times of its files in /proc are others. */
export async function startOf(pid: number): Promise<Date | null> {
  const [mark, system] = await Promise.all([startMark(pid), readFile('/proc/stat', 'utf8').catch(() => '')]);
  const booted = /^btime (\d+)$/mu.exec(system)?.[1];
  return mark === '' || booted === undefined
    ? null
    : new Date((Number(booted) + Math.floor(Number(mark) / TICKS)) * 1000);
}

/** @param mark what `startMark` said; where it is empty, the number has to do. */
export async function isAlive(pid: number, mark: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const fields = await statOf(pid).catch(() => []);
  return !ENDED.has(fields[0]) && (mark === '' || mark === fields[START]);
}

async function processesByPs(): Promise<Process[]> {
  const { lines } = await run('ps', ['-axww', '-o', 'pid=,ppid=,args=']);
  return lines.flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/u.exec(line);
    return match ? [{ pid: Number(match[1]), parent: Number(match[2]), title: match[3]! }] : [];
  });
}

/** What the open files of a process are, as the system names them; nothing where it may not be seen. */
export async function openFiles(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
}

/** The program that a process runs; an empty text where it may not be seen. */
export async function programOf(pid: number): Promise<string> {
  return readlink(`/proc/${pid}/exe`).catch(() => '');
}
