import type { Times } from '../lint/engine/timing.ts';

/** A table of what took how long, the longest first. */
export function renderTimes(times: Times): string {
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  const rows = [...times].toSorted(([, a], [, b]) => b - a);
  return [...rows, ['total', total] as const]
    .map(
      ([what, time]) =>
        `${time.toFixed(1).padStart(9)} ms ${percent(time, total).toFixed(1).padStart(6)} %  ${what}`,
    )
    .join('\n');
}

function percent(part: number, total: number): number {
  return total === 0 ? 0 : (part / total) * 100;
}
