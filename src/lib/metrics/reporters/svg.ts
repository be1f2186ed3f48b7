import type { Sheet } from '../sheet.ts';
import { moment } from '../verdicts/verdict.ts';
import { spanText, type Window } from '../window.ts';
import { escaped, HEIGHT, panelSvg, STYLE, WIDTH } from './panel-svg.ts';

const GAP = 24;
const HEAD = 56;
const LINE = 20;

/** All charts of some balancers or instances as one picture: two columns, each chart with axes, unit and legend. */
export function svg(all: readonly Sheet[], window: Window): string {
  let top = GAP;
  const parts: string[] = [];
  for (const { name, region, detail, panels, verdicts: told } of all) {
    const verdicts = told.filter(({ level }) => level !== 'ok');
    const span = `${moment(window.from)} to ${moment(window.to)}, a point is ${spanText(window.period)}`;
    parts.push(
      text(GAP, top + 22, 'title', name),
      text(GAP, top + 42, 'note', `${region}, ${detail}; ${span}`),
      ...verdicts.map(({ level, subject, message }, index) =>
        text(GAP, top + HEAD + 8 + index * LINE, level, `${level}  ${subject}: ${message}`),
      ),
    );
    top += HEAD + verdicts.length * LINE + 8;
    for (const [index, panel] of panels.entries()) {
      const [x, y] = [GAP + (index % 2) * (WIDTH + GAP), top + Math.floor(index / 2) * (HEIGHT + GAP)];
      parts.push(`<g transform="translate(${x} ${y})">${panelSvg(panel, window)}</g>`);
    }
    top += Math.ceil(panels.length / 2) * (HEIGHT + GAP);
  }
  const width = 2 * WIDTH + 3 * GAP;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}" role="img">`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${width}" height="${top}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function text(x: number, y: number, className: string, content: string): string {
  return `<text x="${x}" y="${y}" class="${className}">${escaped(content)}</text>`;
}
