import type { Sheet } from '../../metrics/sheet.ts';
import type { Verdict } from '../../metrics/verdicts/verdict.ts';
import { spanText, type Window } from '../../metrics/window.ts';
import type { Style } from '../style.ts';
import { visible } from '../visible.ts';
import { wrap } from '../wrap.ts';
import { chart } from './chart.ts';
import { sparkline } from './spark.ts';

/** Columns below which a line of bars says nothing. */
const LEAST = 8;
/** Columns that it takes at most: longer ones are hard to compare. */
const MOST = 60;

interface Screen {
  readonly width: number;
  readonly style: Style;
}

/** One balancer or instance on one screen: what to think of it, and the figures behind that. */
export function renderSheet(sheet: Sheet, window: Window, screen: Screen): string {
  const { main } = sheet;
  const { width, style } = screen;
  return [
    titleOf(sheet, style),
    style.dim(spanLine(window)),
    '',
    ...sheet.verdicts.flatMap((verdict) => verdictLines(verdict, width, style)),
    '',
    ...(main && width >= 60
      ? [
          `${main.title} in ${spanText(window.period)}`,
          ...chart(main.series.points, {
            width: Math.min(width, 100),
            height: 6,
            unit: main.series.metric.unit,
          }),
          '',
        ]
      : []),
    ...figureLines(sheet, screen),
  ].join('\n');
}

/** Several, one below the other, without what is drawn large. */
export function renderSheets(all: readonly Sheet[], window: Window, screen: Screen): string {
  const { width, style } = screen;
  const blocks = all.map((sheet) =>
    [
      titleOf(sheet, style),
      ...sheet.verdicts.flatMap((verdict) => verdictLines(verdict, width, style)),
      ...figureLines(sheet, screen),
    ].join('\n'),
  );
  return [style.dim(spanLine(window)), ...blocks].join('\n\n');
}

function titleOf({ name, region, detail }: Sheet, style: Style): string {
  return `${style.bold(visible(name))}  ${region}, ${detail}`;
}

/** Names, figures and, where there is room, bars. */
function figureLines({ lines }: Sheet, { width, style }: Screen): string[] {
  const labels = Math.max(...lines.map(({ label }) => label.length));
  const figures = Math.max(...lines.map((line) => line.figures.length));
  const columns = Math.min(MOST, width - labels - figures - 4);
  return lines.map(({ label, figures: text, series }) => {
    const values = series.points.map(([, value]) => value);
    const bars = columns >= LEAST ? `  ${style.cyan(sparkline(values, columns))}` : '';
    return `${label.padEnd(labels)}  ${text.padEnd(figures)}${bars}`.trimEnd();
  });
}

/** `2026-11-29 10:00 to 13:00 UTC, a point is 1m`. */
export function spanLine({ from, to, period }: Window): string {
  const [start, end] = [from.toISOString(), to.toISOString()];
  const isSameDay = start.slice(0, 10) === end.slice(0, 10);
  return `${stamp(start)} to ${isSameDay ? end.slice(11, 16) : stamp(end)} UTC, a point is ${spanText(period)}`;
}

function stamp(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

const LEVEL = 8;
const SUBJECT = 9;

/** Level, subject and sentence, with the hint below. */
function verdictLines({ level, subject, message, hint }: Verdict, width: number, style: Style): string[] {
  const paint = { ok: style.green, info: style.cyan, warning: style.yellow, critical: style.red }[level];
  // where little room is left beside them, sentences go on further to the left
  const indent = ' '.repeat(width < 60 ? 4 : LEVEL + SUBJECT + 4);
  const [first = '', ...others] = wrap(
    visible(message),
    width,
    `${level.padEnd(LEVEL)}  ${subject.padEnd(SUBJECT)}  `,
    indent,
  );
  // not broken, as it may be a command to copy
  const hints = hint === null ? [] : [`${indent}hint: ${visible(hint)}`];
  return [
    paint(first.slice(0, LEVEL)) + first.slice(LEVEL),
    ...others,
    ...hints.map((line) => style.dim(line)),
  ];
}
