import { open } from 'node:fs/promises';

/** Most bytes read from the end of a log. */
const TAIL = 256 * 1024;

/** Lines of an error log, at most the last 256 KiB. */
export async function logLines(file: string): Promise<string[]> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const start = Math.max(0, size - TAIL);
      const buffer = Buffer.alloc(size - start);
      await handle.read(buffer, 0, buffer.length, start);
      return buffer
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '');
    } finally {
      await handle.close();
    }
  } catch {
    return [];
  }
}

/** Last lines that are no older than some minutes. NGINX writes local time. */
export function recent(lines: readonly string[], minutes: number, most: number, now = new Date()): string[] {
  const since = now.getTime() - minutes * 60_000;
  const dated = lines.filter((line) => {
    const match = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d) \[(\w+)\]/u.exec(line);
    if (!match || match[7] === 'notice' || match[7] === 'info') return false;
    const [year = 0, month = 1, day, hour, minute, second] = match.slice(1, 7).map(Number);
    return new Date(year, month - 1, day, hour, minute, second).getTime() >= since;
  });
  return dated.slice(-most);
}
