import { readFile } from 'node:fs/promises';
import { openFiles, type Process, processes } from './processes.ts';

/** Who listens on a port; undefined where it cannot be found out. */
export async function holderOf(port: number, transport: 'tcp' | 'udp'): Promise<Process | undefined> {
  const inodes = new Set(
    (await Promise.all([transport, `${transport}6`].map((table) => socketsOn(table, port)))).flat(),
  );
  if (inodes.size === 0) return undefined;
  for (const process of await processes()) {
    if (await holds(process.pid, inodes)) return process;
  }
  return undefined;
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
  return (await openFiles(pid)).some((file) => {
    const inode = /^socket:\[(\d+)\]$/u.exec(file)?.[1];
    return inode !== undefined && inodes.has(inode);
  });
}
