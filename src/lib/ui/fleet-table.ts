import type { Outcome } from '../release/rollout/outcome.ts';
import { OUTCOMES } from './fleet-report.ts';
import type { Style } from './style.ts';

/** A node in the table; times in milliseconds since 1970. */
export interface Row {
  readonly node: string;
  readonly state: 'waiting' | 'working' | Outcome;
  readonly phase?: string | undefined;
  readonly release?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

interface Size {
  /** Columns and lines of the terminal. */
  readonly width: number;
  readonly height: number;
  readonly now: number;
}

const PHASE = 34;
const TIME = 8;

/** The nodes with what each is at, in lines that fit; where not all do, those in work and those that failed come first. */
export function renderTable(rows: readonly Row[], { width, height, now }: Size, style: Style): string[] {
  // one line for the heads, one that counts, and one that the cursor stands in
  const place = Math.max(1, height - 3);
  const shown = new Set(rows.toSorted((a, b) => weight(a) - weight(b)).slice(0, place));
  const longest = Math.max(4, ...[...shown].map(({ node }) => node.length));
  const name = Math.max(4, Math.min(longest, Math.floor(width / 3)));
  const line = (first: string, cells: readonly string[]): string =>
    `${first} ${cells.join('  ')}`.slice(0, width - 1).trimEnd();
  const head = line(' ', ['node'.padEnd(name), 'phase'.padEnd(PHASE), 'time'.padStart(TIME), 'release']);
  const lines = rows
    .filter((row) => shown.has(row))
    .map((row) => {
      const cells = [
        fit(row.node, name),
        fit(row.phase ?? '', PHASE),
        timeOf(row, now).padStart(TIME),
        row.release ?? '',
      ];
      const [sign, rest] = [signOf(row), line(' ', cells).slice(1)];
      return row.state === 'waiting' ? style.dim(sign(same) + rest) : sign(style) + rest;
    });
  return [style.bold(head), ...lines, style.dim(counts(rows, shown.size).slice(0, width - 1))];
}

const same: Style = { bold: String, dim: String, red: String, green: String, yellow: String, cyan: String };

function signOf({ state }: Row): (style: Style) => string {
  if (state === 'waiting') return () => ' ';
  if (state === 'working') return (style) => style.cyan('…');
  return OUTCOMES[state].sign;
}

function weight({ state }: Row): number {
  if (state === 'working') return 0;
  if (state === 'waiting') return 2;
  return OUTCOMES[state].isBad ? 1 : 3;
}

function counts(rows: readonly Row[], shown: number): string {
  const count = (is: (row: Row) => boolean): number => rows.filter(is).length;
  const bad = count(({ state }) => state !== 'waiting' && state !== 'working' && OUTCOMES[state].isBad);
  const working = count(({ state }) => state === 'working');
  const waiting = count(({ state }) => state === 'waiting');
  const words = [
    `${rows.length - bad - working - waiting} of ${rows.length} done`,
    `${working} in work`,
    `${waiting} waiting`,
    `${bad} failed`,
    ...(shown < rows.length ? [`${rows.length - shown} not shown`] : []),
  ];
  return `  ${words.join(', ')}`;
}

function timeOf({ since, until }: Row, now: number): string {
  if (since === undefined) return '';
  const seconds = Math.max(0, Math.floor(((until ?? now) - since) / 1000));
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes}:${String(seconds % 60).padStart(2, '0')} min`;
}

function fit(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}
