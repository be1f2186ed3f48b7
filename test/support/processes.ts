import { readdir, readFile, readlink } from 'node:fs/promises';
import { sleep } from './wait.ts';

/** Ends all of an NGINX, also workers whose master is gone: its processes have its log open. */
export async function endNginx(home: string): Promise<void> {
  // a master may just be starting a worker
  for (let pids = await processesOf(home); pids.length > 0; pids = await processesOf(home)) {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it ended by itself
      }
    }
    await sleep(20);
  }
}

/** NGINX's processes that have a file of a folder open. */
export async function processesOf(home: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name));
  const ours = await Promise.all(
    pids.map(async (pid) => {
      const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (!title.startsWith('nginx: ')) return false;
      const open = await readdir(`/proc/${pid}/fd`).catch(() => []);
      const targets = await Promise.all(open.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
      return targets.some((target) => target.startsWith(`${home}/`));
    }),
  );
  return pids.filter((_, index) => ours[index]).map(Number);
}
