import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import type { Places } from './places.ts';
import { run } from './command.ts';

/** A process of this machine. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Its command line; NGINX writes its role there. */
  readonly title: string;
}

/** A worker of NGINX. */
interface Worker {
  readonly pid: number;
  /** When it was started; null where the system does not tell. */
  readonly since: Date | null;
  /** It serves its last connections and goes. */
  readonly leaving: boolean;
}

/** What runs under a prefix. */
export interface Running {
  readonly master: number;
  readonly workers: readonly Worker[];
}

/** The NGINX that was started under a prefix, told by its own command line: a pid file can be stale or name another. */
export async function findRunning({ prefix }: Places): Promise<Running | null> {
  const all = await processes();
  const mine = all.find(
    ({ title }) => title.startsWith('nginx: master process') && title.includes(` -p ${prefix}/ -c `),
  );
  if (!mine) return null;
  const children = all.filter(
    ({ parent, title }) => parent === mine.pid && title.startsWith('nginx: worker process'),
  );
  const workers = await Promise.all(
    children.map(async ({ pid, title }) => ({
      pid,
      since: await started(pid),
      leaving: title.includes('shutting down'),
    })),
  );
  return { master: mine.pid, workers };
}

/** Who listens on a port, as `pid 12 (name)`; undefined where it cannot be found out. */
export async function holderOf(port: number, transport: 'tcp' | 'udp'): Promise<string | undefined> {
  const inodes = new Set(
    (await Promise.all([transport, `${transport}6`].map((table) => socketsOn(table, port)))).flat(),
  );
  if (inodes.size === 0) return undefined;
  for (const { pid, title } of await processes()) {
    if (await holds(pid, inodes)) return `pid ${pid} (${title.trim().slice(0, 60)})`;
  }
  return undefined;
}

async function processes(): Promise<Process[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/u.test(name));
  if (pids.length === 0) return processesByPs();
  const found = await Promise.all(pids.map(readProcess));
  return found.filter((process) => process !== null);
}

async function readProcess(pid: string): Promise<Process | null> {
  try {
    const [title, status] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    // the name in parentheses can hold anything, so the fields are counted from its end
    const parent = Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
    return { pid: Number(pid), parent, title: title.replaceAll('\0', ' ') };
  } catch {
    return null;
  }
}

async function processesByPs(): Promise<Process[]> {
  const { lines } = await run('ps', ['-axww', '-o', 'pid=,ppid=,args=']);
  return lines.flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/u.exec(line);
    return match ? [{ pid: Number(match[1]), parent: Number(match[2]), title: match[3]! }] : [];
  });
}

async function started(pid: number): Promise<Date | null> {
  return stat(`/proc/${pid}`).then(
    ({ ctime }) => ctime,
    () => null,
  );
}

/** States of /proc/net/tcp and udp in which a socket takes what comes: LISTEN, and unconnected. */
const TAKES = new Set(['0A', '07']);

async function socketsOn(table: string, port: number): Promise<string[]> {
  const text = await readFile(`/proc/net/${table}`, 'utf8').catch(() => '');
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state = '', , , , , , inode = ''] = line.trim().split(/\s+/u);
    return local.endsWith(`:${hex}`) && TAKES.has(state) ? [inode] : [];
  });
}

async function holds(pid: number, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const fd of await readdir(folder).catch(() => [])) {
    const target = await readlink(`${folder}/${fd}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/u.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}
