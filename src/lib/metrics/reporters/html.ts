import type { Sheet } from '../sheet.ts';
import { moment } from '../verdicts/verdict.ts';
import { spanText, type Window } from '../window.ts';
import { escaped, HEIGHT, panelSvg, STYLE, WIDTH } from './panel-svg.ts';

const PAGE = [
  'body { font: 15px/1.5 system-ui, sans-serif; color: #24292f; margin: 24px; max-width: 1200px }',
  'h1 { font-size: 22px; margin: 32px 0 0 } .span { color: #57606a; margin: 0 0 12px }',
  'ul { list-style: none; padding: 0 } li b { display: inline-block; min-width: 5em }',
  'li.critical b { color: #cf222e } li.warning b { color: #9a6700 } li.ok b { color: #1a7f37 }',
  'li small { display: block; margin-left: 5.8em; color: #57606a }',
  '.charts { display: flex; flex-wrap: wrap; gap: 24px } table { border-collapse: collapse; margin: 16px 0 }',
  'td { padding: 2px 24px 2px 0 }',
].join('\n');

/** A page that needs nothing else: verdicts, charts and figures of some balancers or instances. */
export function html(all: readonly Sheet[], window: Window): string {
  const names = all.map(({ name }) => name).join(', ');
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(names)}</title>`,
    `<style>${PAGE}\n${STYLE}</style></head>`,
    '<body>',
    ...all.map((sheet) => section(sheet, window)),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function section(sheet: Sheet, window: Window): string {
  const verdicts = sheet.verdicts.map(
    ({ level, subject, message, hint }) =>
      `<li class="${level}"><b>${level}</b> ${escaped(subject)}: ${escaped(message)}${hint === null ? '' : `<small>${escaped(hint)}</small>`}</li>`,
  );
  const charts = sheet.panels.map(
    (panel) =>
      `<svg width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(panel.title)}">${panelSvg(panel, window)}</svg>`,
  );
  const rows = sheet.lines.map(
    ({ label, figures }) => `<tr><td>${escaped(label.trim())}</td><td>${escaped(figures)}</td></tr>`,
  );
  return [
    `<h1>${escaped(sheet.name)}</h1>`,
    `<p class="span">${escaped(`${sheet.region}, ${sheet.detail}; ${moment(window.from)} to ${moment(window.to)}, a point is ${spanText(window.period)}`)}</p>`,
    `<ul>${verdicts.join('')}</ul>`,
    `<div class="charts">${charts.join('')}</div>`,
    `<table>${rows.join('')}</table>`,
  ].join('\n');
}
