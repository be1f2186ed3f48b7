import { type Audience, NO_ANSWER } from '../answers/everywhere.ts';
import { STATE_TILES, world } from './world.ts';

/** Colours that are told apart by most eyes, also by those that see fewer (Okabe and Ito). */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442', '#7f6fb0'];
const [NOBODY, GREY] = ['#b00020', '#999999'];

/** Pixels of a cell, of a tile of a state, and of a line of the legend. */
const [CELL, TILE, LINE] = [8, 18, 22];

/** A map of the world where every country has the colour of its answer, with the states of the US beside it. */
export function svgMap(title: string, found: readonly Audience[]): string {
  const colourOf = new Map<string, string>();
  const titleOf = new Map<string, string>();
  for (const [index, { answer, clients }] of found.entries()) {
    const colour = answer === NO_ANSWER ? NOBODY : (COLOURS[index] ?? GREY);
    for (const client of clients) {
      colourOf.set(client.title, colour);
      titleOf.set(client.title, `${client.name}: ${answer}`);
    }
  }
  const rows = world();
  const [width, top] = [rows[0]!.length * CELL + 40, 56];
  const below = top + rows.length * CELL + 24;
  const fill = (key: string): string => colourOf.get(key) ?? '#dddddd';
  const told = (key: string): string => `<title>${escaped(titleOf.get(key) ?? key)}</title>`;
  const places = new Map<string, string>();
  for (const [y, row] of rows.entries()) {
    for (const [x, code] of row.entries()) {
      if (code === undefined) continue;
      const square = `M${20 + x * CELL} ${top + y * CELL}h7v7h-7z`;
      places.set(code, `${places.get(code) ?? ''}${square}`);
    }
  }
  const cells = [...places].map(
    ([code, path]) => `<path fill="${fill(code)}" d="${path}">${told(code)}</path>`,
  );
  const left = width - STATE_TILES[0]!.length * TILE - 20;
  const tiles = STATE_TILES.flatMap((row, y) =>
    row.flatMap((code, x) =>
      code === undefined
        ? []
        : [
            `<rect x="${left + x * TILE}" y="${below + 24 + y * TILE}" width="${TILE - 1}" height="${TILE - 1}" rx="1" fill="${fill(`us:${code}`)}">${told(`us:${code}`)}</rect>`,
            `<text x="${left + x * TILE + (TILE - 1) / 2}" y="${below + 24 + y * TILE + 12}" font-size="9" text-anchor="middle" fill="#ffffff">${code}</text>`,
          ],
    ),
  );
  const legend = found.flatMap(({ answer, clients }, index) => {
    const y = below + 24 + index * LINE;
    const colour = answer === NO_ANSWER ? NOBODY : (COLOURS[index] ?? GREY);
    return [
      `<rect x="20" y="${y}" width="14" height="14" rx="2" fill="${colour}"/>`,
      `<text x="42" y="${y + 12}" font-size="13">${escaped(shortened(answer))} <tspan fill="#666666">${escaped(audienceOf(clients))}</tspan></text>`,
    ];
  });
  const height = below + 40 + Math.max(found.length * LINE, STATE_TILES.length * TILE);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" fill="#222222">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="20" y="34" font-size="18" font-weight="600">${escaped(title)}</text>`,
    ...cells,
    `<text x="${left}" y="${below + 14}" font-size="12" fill="#666666">United States</text>`,
    ...tiles,
    `<text x="20" y="${below + 14}" font-size="12" fill="#666666">Answers</text>`,
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

/** `52 countries`, `12 states of the US`. */
export function audienceOf(clients: Audience['clients']): string {
  const states = clients.filter(({ state }) => state !== undefined).length;
  const countries = clients.length - states;
  const parts = [
    ...(countries > 0 ? [`${countries} ${countries === 1 ? 'country' : 'countries'}`] : []),
    ...(states > 0 ? [`${states} US ${states === 1 ? 'state' : 'states'}`] : []),
  ];
  return parts.join(', ');
}

function shortened(text: string): string {
  return text.length > 70 ? `${text.slice(0, 69)}…` : text;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
