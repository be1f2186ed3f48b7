import type { Metric } from './catalog.ts';

const STEPS = [1, 2, 4, 5, 8, 10];

/** The top of a scale that is easy to read: the next of 1, 2, 4, 5, 8, 10, 20…, or so many KiB, MiB…; 1 for nothing. */
export function niceTop(value: number, unit: Metric['unit']): number {
  if (value <= 0) return 1;
  const prefix = unit.startsWith('Bytes') ? 1024 ** Math.max(0, Math.floor(Math.log2(value) / 10)) : 1;
  const power = 10 ** Math.floor(Math.log10(value / prefix)) * prefix;
  return STEPS.map((step) => step * power).find((step) => step >= value) ?? 10 * power;
}
