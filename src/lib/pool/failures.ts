import type { Node } from '../release/node/place.ts';
import type { Peer } from './peers.ts';

/** What an error log tells of a server. */
interface Failures {
  readonly count: number;
  /** The latest one, without its time and the client; null without any. */
  readonly last: string | null;
}

/** Failures older than so many minutes are left out. */
const MINUTES = 15;
/** Bytes of the log that are read, from its end. */
const TAIL = 1_000_000;

/** Lines of a node's error log of the last quarter of an hour; none where it cannot be read. */
export async function recentErrors({ transport, log }: Node): Promise<string[]> {
  // the times in it are those of the node's own clock and zone
  const script = `date '+%Y/%m/%d %H:%M:%S' && tail -c ${TAIL} "$0" 2>/dev/null`;
  const { stdout } = await transport.run(['sh', '-c', script, log]);
  const [now = '', ...lines] = stdout.split('\n');
  const since = timeOf(now) - MINUTES * 60_000;
  return lines.filter((line) => timeOf(line) >= since);
}

/** Only for comparing: zones are left out. */
function timeOf(line: string): number {
  const [, ...parts] = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)/u.exec(line) ?? [];
  const [year = 0, month = 1, ...rest] = parts.map(Number);
  return parts.length === 0 ? Number.NaN : Date.UTC(year, month - 1, ...rest);
}

/** Which of the lines are failures at a server, by the peers that it has. */
export function failuresAt(peers: readonly Peer[], lines: readonly string[]): Failures {
  const addresses = new Set(peers.map(({ address }) => address));
  const found = lines.filter((line) => {
    const peer = /, upstream: "(?:\w+:\/\/)?(unix:[^:"]+|\[[^\]]*\]:\d+|[^/"]+)/u.exec(line)?.[1];
    // warnings name servers too, such as those of answers that go through a file
    return peer !== undefined && addresses.has(peer) && /^\S+ \S+ \[(?:error|crit|alert|emerg)\]/u.test(line);
  });
  const last =
    found
      .at(-1)
      ?.replace(/^.*?\*\d+ /u, '')
      .replace(/, client: .*$/u, '') ?? null;
  return { count: found.length, last };
}
