import { niceTop } from '../scale.ts';
import { periodOf } from '../series.ts';
import { valueText } from '../units.ts';
import type { Window } from '../window.ts';
import type { Panel } from './panels.ts';

export const WIDTH = 560;
export const HEIGHT = 240;

/** Room around the plot: values on the left, times below, title above, legend at the bottom. */
const PLOT = { left: 64, right: WIDTH - 12, top: 34, bottom: HEIGHT - 48 } as const;

/** Told apart also by those who see few colours (Okabe and Ito). */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];

export const STYLE = [
  'text { font: 12px system-ui, sans-serif; fill: #24292f }',
  '.page { fill: #fff }',
  '.title { font-size: 18px; font-weight: 600 }',
  '.head { font-size: 13px; font-weight: 600 }',
  '.note, .tick { fill: #57606a } .tick { font-size: 11px }',
  '.critical { fill: #cf222e; font-weight: 600 } .warning { fill: #9a6700; font-weight: 600 }',
  '.grid { stroke: #d8dee4; stroke-width: 1 } .axis { stroke: #8c959f; stroke-width: 1 }',
  '.line { fill: none; stroke-width: 1.5; stroke-linejoin: round; stroke-linecap: round }',
].join(' ');

/** One chart, 560 by 240. */
export function panelSvg({ title, unit, lines }: Panel, window: Window): string {
  const top = niceTop(
    Math.max(0, ...lines.flatMap(({ series }) => series.points.map(([, value]) => value ?? 0))),
    unit,
  );
  const y = (value: number): number => PLOT.bottom - (value / top) * (PLOT.bottom - PLOT.top);
  const [start, end] = [window.from.getTime(), window.to.getTime()];
  const x = (time: Date): number =>
    PLOT.left + ((time.getTime() - start) / (end - start)) * (PLOT.right - PLOT.left);
  const scale = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const value = share * top;
    return (
      `<line class="${share === 0 ? 'axis' : 'grid'}" x1="${PLOT.left}" x2="${PLOT.right}" y1="${fixed(y(value))}" y2="${fixed(y(value))}"/>` +
      `<text class="tick" x="${PLOT.left - 6}" y="${fixed(y(value) + 4)}" text-anchor="end">${valueText(value, unit)}</text>`
    );
  });
  const times = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const time = new Date(start + share * (end - start));
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle';
    return `<text class="tick" x="${fixed(x(time))}" y="${PLOT.bottom + 16}" text-anchor="${anchor}">${timeText(time, end - start)}</text>`;
  });
  const drawn = lines.map(({ series }, index) => {
    const color = COLORS[index % COLORS.length]!;
    return stretches(series.points)
      .map((points) => {
        const at = points.map(([time, value]) => `${fixed(x(time))},${fixed(y(value))}`);
        return at.length === 1
          ? `<circle cx="${at[0]!.split(',')[0]}" cy="${at[0]!.split(',')[1]}" r="2" fill="${color}"/>`
          : `<polyline class="line" stroke="${color}" points="${at.join(' ')}"/>`;
      })
      .join('');
  });
  return [
    `<text class="head" x="0" y="16">${escaped(title)} <tspan class="note">${UNITS[unit]} in ${lines[0] ? periodOf(lines[0].series.metric, window) : window.period} s</tspan></text>`,
    ...scale,
    ...times,
    ...drawn,
    legend(lines.map(({ label }) => label)),
  ].join('');
}

const UNITS: Readonly<Record<Panel['unit'], string>> = {
  Count: 'count',
  Bytes: 'bytes',
  'Bytes/Second': 'bytes a second',
  'Count/Second': 'a second',
  LCU: 'LCU',
  Percent: '%',
};

function legend(labels: readonly string[]): string {
  let x: number = PLOT.left;
  return labels
    .map((label, index) => {
      const at = x;
      x += 28 + label.length * 7;
      return `<rect x="${at}" y="${HEIGHT - 20}" width="10" height="10" fill="${COLORS[index % COLORS.length]}"/><text class="tick" x="${at + 14}" y="${HEIGHT - 11}">${escaped(label)}</text>`;
    })
    .join('');
}

/** Parts of a line between points that were not measured. */
function stretches(points: readonly (readonly [Date, number | null])[]): (readonly [Date, number])[][] {
  const parts: (readonly [Date, number])[][] = [];
  let open = false;
  for (const [time, value] of points) {
    if (value !== null && open) parts.at(-1)!.push([time, value]);
    else if (value !== null) parts.push([[time, value]]);
    open = value !== null;
  }
  return parts;
}

function timeText(time: Date, span: number): string {
  const iso = time.toISOString();
  return span > 36 * 3_600_000 ? iso.slice(5, 10) : iso.slice(11, 16);
}

function fixed(value: number): string {
  return value.toFixed(1);
}

/** Text for XML. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
