import type { Readings } from '../../metrics/readings.ts';
import { mean, total } from '../../metrics/points.ts';
import { valueText } from '../../metrics/units.ts';
import type { Verdict } from '../../metrics/verdicts/verdict.ts';
import type { Window } from '../../metrics/window.ts';
import type { Style } from '../style.ts';
import { stacked } from '../table.ts';
import { visible } from '../visible.ts';
import { spanLine } from './overview.ts';
import { sparkline } from './spark.ts';

interface Judged {
  readonly readings: Readings;
  readonly verdicts: readonly Verdict[];
}

interface Screen {
  readonly width: number;
  /** Columns that no line may be longer than, on a terminal. */
  readonly columns?: number;
  readonly style: Style;
}

const HEADS = ['balancer', 'state', 'new flows', 'active', 'bytes', 'resets'];
const BARS = 24;

/** Several balancers, a line each, with what is wrong with them below. */
export function renderBalancers(
  all: readonly Judged[],
  window: Window,
  { width, columns = Infinity, style }: Screen,
): string {
  const rows = all.map(cellsOf);
  const widths = HEADS.map((head, column) =>
    Math.max(head.length, ...rows.map((cells) => cells[column]!.length)),
  );
  const padded = (cells: readonly string[]): string[] =>
    cells.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)));
  const whole = widths.reduce((sum, one) => sum + one + 2, 0);
  const bars = Math.min(BARS, width - whole);
  const isTable = whole - 2 <= columns;
  return [
    style.dim(spanLine(window)),
    ...(isTable ? [style.dim(padded(HEADS).join('  '))] : []),
    ...all.flatMap(({ readings, verdicts }, index) => {
      const paint = paintOf(worst(verdicts), style);
      const flows = readings.find('NewFlowCount')?.points.map(([, value]) => value) ?? [];
      const wrong = verdicts.filter(({ level }) => level === 'critical' || level === 'warning');
      const [name = '', state = '', ...figures] = isTable ? padded(rows[index]!) : rows[index]!;
      const cells = [name, paint(state), ...figures];
      const spark = isTable && bars >= 8 ? [style.cyan(sparkline(flows, bars))] : [];
      return [
        ...(isTable ? [[...cells, ...spark].join('  ').trimEnd()] : stacked(cells, HEADS)),
        ...wrong.map(({ level, subject, message }) => `  ${level} ${subject}: ${visible(message)}`),
      ];
    }),
  ].join('\n');
}

function cellsOf({ readings, verdicts }: Judged): string[] {
  const sum = (name: string): number => readings.total(name);
  const active = readings.find('ActiveFlowCount', {}, 'Average');
  const bytes = readings.find('ProcessedBytes');
  const resets = sum('TCP_Client_Reset_Count') + sum('TCP_Target_Reset_Count') + sum('TCP_ELB_Reset_Count');
  return [
    visible(readings.balancer.name),
    worst(verdicts),
    valueText(sum('NewFlowCount'), 'Count'),
    valueText((active && mean(active)) ?? 0, 'Count'),
    valueText(bytes ? total(bytes) : 0, 'Bytes'),
    valueText(resets, 'Count'),
  ];
}

function worst(verdicts: readonly Verdict[]): Verdict['level'] {
  const [first] = verdicts;
  return first === undefined || first.level === 'info' ? 'ok' : first.level;
}

function paintOf(level: Verdict['level'], style: Style): (text: string) => string {
  return { ok: style.green, info: style.green, warning: style.yellow, critical: style.red }[level];
}
