/** Signs that lbctl itself draws with, each as one column of ASCII; charts stay as high as they are. */
const SIGNS: Readonly<Record<string, string>> = {
  '✓': '+',
  '✗': 'x',
  '❯': '>',
  '·': '-',
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
  '│': '|',
  '┤': '+',
  '└': '+',
  '─': '-',
  '–': '-',
  '’': "'",
  '“': '"',
  '”': '"',
  '→': '>',
  '×': 'x',
  '\uFFFD': '?',
};

const ANY = new RegExp(`[${Object.keys(SIGNS).join('')}]`, 'gu');

/** An excerpt of a file, which has a caret below: its columns have to stay. */
const EXCERPT = /^(?:\u001B\[\d+m)?\s*\d+ \|/u;

/**
 * What is shown to people where the locale is not one of UTF-8: signs of lbctl in ASCII, and characters that steer a
 * terminal, which are shown as pictures elsewhere, as question marks. Names and texts of others stay as they are: they may
 * be copied.
 */
export function inAscii(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .replaceAll('…', EXCERPT.test(line) ? '~' : '...')
        .replaceAll(ANY, (sign) => SIGNS[sign]!)
        .replaceAll(/[\u2400-\u2421]/gu, '?'),
    )
    .join('\n');
}
