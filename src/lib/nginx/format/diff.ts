/** Lines around a change that are shown with it. */
const CONTEXT = 3;

export interface Line {
  readonly sign: ' ' | '-' | '+';
  /** With its line end, which the last line of a file may lack. */
  readonly text: string;
}

/** Makes one list of the lines of two texts, in which lines that are in both are one. */
export type Pairing = (before: readonly string[], after: readonly string[]) => readonly Line[];

/** What changed, as a unified diff; empty where nothing did. */
export function unifiedDiff(
  name: string,
  before: string,
  after: string,
  pair: Pairing = pairedBySpace,
): string {
  if (before === after) return '';
  const lines = grouped(pair(linesOf(before), linesOf(after)));
  let diff = `--- ${name}\n+++ ${name}\n`;
  const at = { before: 1, after: 1 };
  let passed = 0;
  for (const [from, to] of hunks(lines)) {
    for (; passed < from; passed++) advance(at, lines[passed]!);
    const start = { ...at };
    let body = '';
    for (; passed < to; passed++) {
      const { sign, text } = lines[passed]!;
      body += sign + (text.endsWith('\n') ? text : `${text}\n\\ No newline at end of file\n`);
      advance(at, lines[passed]!);
    }
    diff += `@@ -${range(start.before, at.before)} +${range(start.after, at.after)} @@\n${body}`;
  }
  return diff;
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];
}

/**
 * Pairs the lines of texts that differ in white space alone, as formatting makes them: the characters in front of a line
 * tell which line of the other text is its like, so that one pass over both finds all pairs, however much has changed.
 */
function pairedBySpace(before: readonly string[], after: readonly string[]): Line[] {
  const lines: Line[] = [];
  let [old, young] = [0, 0];
  // characters other than white space in front of the two lines
  let [oldSeen, youngSeen] = [0, 0];
  while (old < before.length || young < after.length) {
    const removed = before[old];
    const added = after[young];
    if (removed !== undefined && removed === added && oldSeen === youngSeen) {
      lines.push({ sign: ' ', text: removed });
      oldSeen += visible(removed);
      youngSeen = oldSeen;
      old++;
      young++;
    } else if (removed !== undefined && (added === undefined || goesFirst())) {
      lines.push({ sign: '-', text: removed });
      oldSeen += visible(removed);
      old++;
    } else {
      lines.push({ sign: '+', text: added! });
      youngSeen += visible(added!);
      young++;
    }
    /** Of two lines at the same place the one without characters goes: its neighbour may still find its like. */
    function goesFirst(): boolean {
      return (
        oldSeen < youngSeen || (oldSeen === youngSeen && (visible(removed!) === 0 || visible(added!) > 0))
      );
    }
  }
  return lines;
}

/** Within a stretch of changes what goes stands in front of what comes, as in every unified diff. */
function grouped(lines: readonly Line[]): Line[] {
  const result: Line[] = [];
  let added: Line[] = [];
  for (const line of lines) {
    if (line.sign === '+') added.push(line);
    else {
      if (line.sign === ' ' && added.length > 0) {
        for (const waiting of added) result.push(waiting);
        added = [];
      }
      result.push(line);
    }
  }
  for (const waiting of added) result.push(waiting);
  return result;
}

function visible(line: string): number {
  let count = 0;
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 9 && code !== 13) count++;
  }
  return count;
}

/** Stretches of lines to show: changes with their context, those that touch as one. */
function hunks(lines: readonly Line[]): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (const [index, { sign }] of lines.entries()) {
    if (sign === ' ') continue;
    const from = Math.max(0, index - CONTEXT);
    const to = Math.min(lines.length, index + CONTEXT + 1);
    const last = found.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else found.push([from, to]);
  }
  return found;
}

function advance(at: { before: number; after: number }, { sign }: Line): void {
  if (sign !== '+') at.before++;
  if (sign !== '-') at.after++;
}

/** Lines `from` to `to` in the notation of diff, which names the line in front of an empty range. */
function range(from: number, to: number): string {
  const count = to - from;
  if (count === 1) return String(from);
  return `${count === 0 ? from - 1 : from},${count}`;
}
