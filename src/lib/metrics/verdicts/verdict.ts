import type { Readings } from '../readings.ts';

/** What the series of a balancer or an instance say, in one sentence. */
export interface Verdict {
  /** What it is about, stable for scripts: `targets`, `resets`… */
  readonly subject: string;
  /** `info` is normal or small, `critical` takes traffic down. */
  readonly level: 'ok' | 'info' | 'warning' | 'critical';
  /** Whose side it is on, where that can be told. */
  readonly party: 'client' | 'target' | 'balancer' | 'configuration' | null;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string | null;
}

const RANK = { critical: 0, warning: 1, info: 2, ok: 3 } as const;

export function worstFirst(verdicts: readonly Verdict[]): Verdict[] {
  return verdicts.toSorted((a, b) => RANK[a.level] - RANK[b.level]);
}

/** Says something, or nothing, of the series. */
export type Judge = (readings: Readings) => readonly Verdict[];

/** `1,234`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `2.1 %`, of what may be nothing. */
export function share(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (part / whole) * 100;
  return percent > 0 && percent < 0.1
    ? 'less than 0.1 %'
    : `${percent >= 10 ? Math.round(percent) : percent.toFixed(1)} %`;
}

/** `1 connection`, `2 connections`. */
export function some(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `05-31 12:00 UTC`. */
export function moment(time: Date): string {
  return `${time.toISOString().slice(5, 16).replace('T', ' ')} UTC`;
}
