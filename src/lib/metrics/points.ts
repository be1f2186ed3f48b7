import { periodOf, type Wanted } from './series.ts';
import type { Window } from './window.ts';

/** What CloudWatch answered for one series. */
export interface Answer {
  readonly times: readonly Date[];
  readonly values: readonly number[];
  /** Whether all of it came. */
  readonly complete: boolean;
}

/** The value of one period; null where nothing was there to be measured. */
export type Point = readonly [time: Date, value: number | null];

/** One line of a chart. */
export interface Series extends Wanted {
  readonly points: readonly Point[];
  readonly complete: boolean;
}

/** Seconds that a sample may take to reach CloudWatch: until then a missing one means nothing. */
const LATENCY = 180;

/**
 * One point for each period. A period without samples is 0 where the metric is told only when it is not 0, and null
 * where its absence means that nothing flowed or nothing was registered; what may still be on its way is left out.
 */
export function pointsOf({ metric }: Wanted, { times, values }: Answer, window: Window, now: Date): Point[] {
  const step = periodOf(metric, window) * 1000;
  const found = new Map(
    times.map((time, index) => [Math.floor(time.getTime() / step) * step, values[index]!]),
  );
  const absent = metric.reported === 'nonzero' ? 0 : null;
  const points: Point[] = [];
  for (let time = Math.floor(window.from.getTime() / step) * step; time < window.to.getTime(); time += step)
    points.push([new Date(time), found.get(time) ?? absent]);
  const settled = now.getTime() - LATENCY * 1000;
  const isOpen = ([time]: Point): boolean => !found.has(time.getTime()) && time.getTime() + step > settled;
  while (points.length > 0 && isOpen(points.at(-1)!)) points.pop();
  return points;
}

/** All of a series; 0 where there is nothing. */
export function total({ points }: Series): number {
  return points.reduce((sum, [, value]) => sum + (value ?? 0), 0);
}

/** The highest point; undefined where nothing was measured. */
export function highest({ points }: Series): Point | undefined {
  return measured(points).reduce<Point | undefined>(
    (best, point) => (best === undefined || point[1]! > best[1]! ? point : best),
    undefined,
  );
}

/** The lowest point; undefined where nothing was measured. */
export function lowest({ points }: Series): Point | undefined {
  return measured(points).reduce<Point | undefined>(
    (best, point) => (best === undefined || point[1]! < best[1]! ? point : best),
    undefined,
  );
}

/** The last value that was measured. */
export function latest({ points }: Series): number | undefined {
  return measured(points).at(-1)?.[1] ?? undefined;
}

/** The mean of what was measured; undefined where nothing was. */
export function mean({ points }: Series): number | undefined {
  const some = measured(points);
  return some.length === 0 ? undefined : some.reduce((sum, [, value]) => sum + value!, 0) / some.length;
}

function measured(points: readonly Point[]): Point[] {
  return points.filter(([, value]) => value !== null);
}
