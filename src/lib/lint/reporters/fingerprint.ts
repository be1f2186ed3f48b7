import type { Finding } from '../engine/finding.ts';

/**
 * What tells findings from each other from run to run, wherever their lines have moved: rule, file, the line itself
 * without white space around, and which one of several such it is.
 */
export function fingerprints(findings: readonly Finding[]): string[] {
  const times = new Map<string, number>();
  return findings.map(({ rule, file, message, sourceLine }) => {
    const key = `${rule}\0${file}\0${message}\0${sourceLine.trim().slice(0, LONGEST)}`;
    const count = times.get(key) ?? 0;
    times.set(key, count + 1);
    return `${digest(key)}:${count + 1}`;
  });
}

/** Most of a line that is looked at: some configurations are one line. */
const LONGEST = 1000;

/** FNV-1a, twice with other starts: 64 bits are enough where nobody means harm. */
function digest(text: string): string {
  let [one, two] = [0x811c9dc5, 0x01000193];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 0x01000193);
    two = Math.imul(two ^ unit ^ at, 0x85ebca6b);
  }
  return [one, two].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
