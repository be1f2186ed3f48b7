import type { Line } from './diff.ts';

/** How many lines one place may have more, or less, than the other text. */
const REACH = 200;

/** How many lines must be alike behind a change where the first has no word, as a lone brace is like any other. */
const ALIKE = 3;

/**
 * Pairs the lines of texts that differ here and there, by a few lines at a place: at each difference the nearest lines
 * are looked for from which on both are alike again.
 */
export function pairedNearby(before: readonly string[], after: readonly string[]): Line[] {
  const lines: Line[] = [];
  let [old, young] = [0, 0];
  while (old < before.length || young < after.length) {
    if (before[old] === after[young]) {
      lines.push({ sign: ' ', text: before[old]! });
      old++;
      young++;
      continue;
    }
    const [removed, added] = distance(before, after, old, young);
    for (const text of before.slice(old, old + removed)) lines.push({ sign: '-', text });
    for (const text of after.slice(young, young + added)) lines.push({ sign: '+', text });
    old += removed;
    young += added;
  }
  return lines;
}

/** How many lines of each text a change takes that starts at two of their lines. */
function distance(
  before: readonly string[],
  after: readonly string[],
  old: number,
  young: number,
): [removed: number, added: number] {
  for (let sum = 1; sum <= REACH; sum++) {
    for (let removed = 0; removed <= sum; removed++) {
      if (agree(before, after, old + removed, young + sum - removed)) return [removed, sum - removed];
    }
  }
  // too far apart: go on behind so many lines that the search stays cheap
  if (old === before.length) return [0, after.length - young];
  if (young === after.length) return [before.length - old, 0];
  const step = REACH / 2;
  return [Math.min(step, before.length - old), Math.min(step, after.length - young)];
}

function agree(before: readonly string[], after: readonly string[], old: number, young: number): boolean {
  if (old > before.length || young > after.length) return false;
  const needed = /\w/u.test(before[old] ?? '') ? 1 : ALIKE;
  for (let ahead = 0; ahead < needed; ahead++) {
    const [one, other] = [before[old + ahead], after[young + ahead]];
    if (one !== other) return false;
    // both end here
    if (one === undefined) return true;
  }
  return true;
}
