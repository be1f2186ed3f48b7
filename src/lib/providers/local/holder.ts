import { readFile } from 'node:fs/promises';
import { openFiles, type Process, processes } from './processes.ts';

/** Who listens on a port, of an NGINX its master; undefined where it cannot be found out. */
export async function holderOf(port: number, transport: 'tcp' | 'udp'): Promise<Process | undefined> {
  const inodes = await socketsOf(transport, port);
  if (inodes.size === 0) return undefined;
  const all = await processes();
  for (const process of all) {
    if (!(await holds(process.pid, inodes))) continue;
    const above = all.find(({ pid }) => pid === process.parent);
    return above?.title.startsWith('nginx: master') ? above : process;
  }
  return undefined;
}

/** Those of some processes that can take a connection. */
export async function accepting(pids: readonly number[]): Promise<number[]> {
  if (pids.length === 0) return [];
  const inodes = await socketsOf('tcp');
  const each = await Promise.all(pids.map((pid) => holds(pid, inodes)));
  return pids.filter((_, index) => each[index]);
}

/** States of /proc/net/tcp and udp in which a socket takes what comes: LISTEN, and unconnected. */
const TAKES = new Set(['0A', '07']);

/** Numbers of the sockets that take what comes, on one port or all. */
async function socketsOf(transport: 'tcp' | 'udp', port?: number): Promise<ReadonlySet<string>> {
  const texts = await Promise.all(
    [transport, `${transport}6`].map((table) => readFile(`/proc/net/${table}`, 'utf8').catch(() => '')),
  );
  const end = port === undefined ? '' : `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = texts
    .join('')
    .split('\n')
    .flatMap((line) => {
      const [, local = '', , state = '', , , , , , inode = ''] = line.trim().split(/\s+/u);
      return local.endsWith(end) && TAKES.has(state) ? [inode] : [];
    });
  return new Set(inodes);
}

async function holds(pid: number, inodes: ReadonlySet<string>): Promise<boolean> {
  return (await openFiles(pid)).some((file) => {
    const inode = /^socket:\[(\d+)\]$/u.exec(file)?.[1];
    return inode !== undefined && inodes.has(inode);
  });
}
