import type { Closed } from './closing.ts';

/** Most characters of a tag's value; it takes letters, digits, spaces and + - = . _ : / @ (Lightsail API, Tag). */
const MOST = 256;

/**
 * What was open before, as the value of a tag: a word a port, with the ways by which the world came and the range that
 * it was part of: `tcp:80:46 tcp:8080:4:8000-9000`.
 */
export function remember(closed: readonly Closed[]): string {
  const words = closed.map(({ protocol, port, ipv4, ipv6, range }) => {
    const ways = `${ipv4 ? '4' : ''}${ipv6 ? '6' : ''}`;
    return [protocol, port, ways, ...(range ? [range.join('-')] : [])].join(':');
  });
  return [...new Set(words)].toSorted().join(' ');
}

/** Whether it is more than a tag can hold. */
export function isTooLong(memory: string): boolean {
  return memory.length > MOST;
}

/** Reads it; words that are none, as somebody may have edited the tag, are passed over. */
export function recall(memory: string): Closed[] {
  return memory.split(' ').flatMap((word): Closed[] => {
    const [, protocol, digits, ways = '', ...ends] =
      /^(tcp|udp):(\d{1,5}):(4?6?)(?::(\d{1,5})-(\d{1,5}))?$/u.exec(word) ?? [];
    const port = Number(digits);
    const [first = port, last = port] = ends.filter((end) => end !== undefined).map(Number);
    if (protocol === undefined || ways === '' || !(first <= port && port <= last && last <= 65_535))
      return [];
    return [
      {
        protocol: protocol === 'udp' ? 'udp' : 'tcp',
        port,
        ipv4: ways.includes('4'),
        ipv6: ways.includes('6'),
        range: first === last ? null : [first, last],
      },
    ];
  });
}
