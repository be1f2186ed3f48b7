/** How many lines end in either way. */
export interface LineEnds {
  lf: number;
  crlf: number;
}

/** Counts the line ends of a stretch of white space into `ends` and says how many there are. */
export function lineEnds(text: string, from: number, to: number, ends: LineEnds): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    if (text.charCodeAt(at) !== 10) continue;
    count++;
    if (text.charCodeAt(at - 1) === 13) ends.crlf++;
    else ends.lf++;
  }
  return count;
}
