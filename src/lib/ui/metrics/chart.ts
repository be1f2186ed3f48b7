import type { Metric } from '../../metrics/catalog.ts';
import type { Point } from '../../metrics/points.ts';
import { niceTop } from '../../metrics/scale.ts';
import { valueText } from '../../metrics/units.ts';
import { squeezed } from './spark.ts';

interface ChartOptions {
  /** Columns in all, with the axis. */
  readonly width: number;
  /** Lines of bars. */
  readonly height: number;
  readonly unit: Metric['unit'];
}

const EIGHTHS = ' ▁▂▃▄▅▆▇█';

/** Points as bars over a scale, with the times below: a line each, without colours. */
export function chart(points: readonly Point[], { width, height, unit }: ChartOptions): string[] {
  const values = points.map(([, value]) => value);
  const scale = niceTop(Math.max(0, ...values.map((value) => value ?? 0)), unit);
  const ticks = [scale, scale / 2, 0].map((value) => valueText(value, unit));
  const axis = Math.max(...ticks.map((tick) => tick.length));
  const columns = Math.min(values.length, width - axis - 2);
  if (columns < 10) return [];
  const shares = squeezed(values, columns);
  const rows = Array.from({ length: height }, (_, row) => {
    const floor = height - 1 - row;
    const bars = shares.map((value) => barAt(value, scale, height, floor)).join('');
    const tick = row === 0 ? ticks[0]! : floor === Math.floor(height / 2) - 1 && height > 3 ? ticks[1]! : '';
    return `${tick.padStart(axis)} ${tick === '' ? '│' : '┤'}${bars}`.trimEnd();
  });
  return [
    ...rows,
    `${ticks[2]!.padStart(axis)} └${'─'.repeat(columns)}`,
    `${' '.repeat(axis + 2)}${timesBelow(points, columns)}`,
  ];
}

/** What a value fills of one line, counted from the lowest. */
function barAt(value: number | null, scale: number, height: number, floor: number): string {
  if (value === null) return floor === 0 ? '·' : ' ';
  const filled = (value / scale) * height * 8 - floor * 8;
  // what is not nothing is never shown as nothing
  const least = value > 0 && floor === 0 ? 1 : 0;
  return EIGHTHS[Math.min(8, Math.max(least, Math.round(filled)))]!;
}

function timesBelow(points: readonly Point[], columns: number): string {
  const long = points.at(-1)![0].getTime() - points[0]![0].getTime() > 36 * 3_600_000;
  const text = (time: Date): string =>
    long ? time.toISOString().slice(5, 10) : time.toISOString().slice(11, 16);
  const [first, middle, last] = [points[0]!, points[Math.floor(points.length / 2)]!, points.at(-1)!].map(
    ([time]) => text(time),
  );
  const gap = columns - first!.length - middle!.length - last!.length;
  if (gap < 4) return `${first!}${' '.repeat(Math.max(1, columns - first!.length - last!.length))}${last!}`;
  const left = Math.floor(columns / 2) - first!.length - Math.floor(middle!.length / 2);
  return `${first!}${' '.repeat(left)}${middle!}${' '.repeat(gap - left)}${last!}`;
}
