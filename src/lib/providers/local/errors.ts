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

/**
 * Last lines that are no older than some minutes, one of each kind: the latest, with how many there are and since when.
 * NGINX writes local time.
 */
export function recent(lines: readonly string[], minutes: number, most: number, now = new Date()): string[] {
  const since = now.getTime() - minutes * 60_000;
  const kinds = new Map<string, string[]>();
  for (const line of lines) {
    const match = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d) \[(\w+)\]/u.exec(line);
    if (!match || match[7] === 'notice' || match[7] === 'info') continue;
    const [year = 0, month = 1, day, hour, minute, second] = match.slice(1, 7).map(Number);
    if (new Date(year, month - 1, day, hour, minute, second).getTime() < since) continue;
    const kind = kindOf(line);
    const same = kinds.get(kind) ?? [];
    // a kind stands where its latest line does
    kinds.delete(kind);
    kinds.set(kind, same);
    same.push(line);
  }
  return [...kinds.values()].slice(-most).map(inOne);
}

/** A line without what differs from one request to the next: whose it is, what it asks for, and how much of a limit it takes. */
function kindOf(line: string): string {
  const [said = '', about = ''] = line.slice(DATE).split(/, client: (.*)/su);
  const server = /, upstream: "(?:\w+:\/\/)?(unix:[^:"]*|[^/"]*)/u.exec(about)?.[1] ?? '';
  const same = said.replace(/ \d+#\d+: (?:\*\d+ )?/u, ' ').replace(/, excess: [\d.]+/u, '');
  return `${same} ${server}`;
}

/** Length of the date and time before a line. */
const DATE = '2026/01/31 10:00:00'.length;

function inOne(same: readonly string[]): string {
  const [first = '', ...others] = same;
  const last = others.at(-1);
  return last === undefined ? first : `${last} (${same.length} like this since ${first.slice(11, DATE)})`;
}
