/** How a configuration looks, whether it is rendered or formatted. */

/** One level. */
export const INDENT = '    ';

/** Columns that a line of several words may fill. */
const WIDTH = 110;

/** Columns that a tab is taken for, so that lines break at the same words whatever the indentation is made of. */
const TAB = INDENT.length;

/** Blocks whose lines are a table: the second column is aligned. */
const TABLES = new Set(['map', 'geo', 'split_clients', 'types', 'geoip2', 'charset_map']);

/** Longest key that the other rows of a table make room for. */
const LONGEST_KEY = 60;

export function isTable(name: string): boolean {
  return TABLES.has(name);
}

/** Width of the first column of a table. */
export function keyWidth(keys: Iterable<string>): number {
  let widest = 0;
  for (const { length } of keys) if (length > widest && length <= LONGEST_KEY) widest = length;
  return widest;
}

/** A directive with its `;`, in as few rows as it needs; `width` is that of its column in a table. */
export function directiveRows(
  words: readonly string[],
  indent: string,
  step: string = INDENT,
  width = 0,
): string[] {
  const rows = wordRows(words, indent, indent + step, width);
  rows[rows.length - 1] += ';';
  return rows;
}

/**
 * Words in one row where they fit or are but two; else as many a row as fit. A word that brings its own quotes then
 * begins a row, as the parts of a `log_format` do.
 */
export function wordRows(words: readonly string[], first: string, further: string, width = 0): string[] {
  const [name = '', ...rest] = words;
  if (rest.length === 0) return [`${first}${name}`];
  const key = `${first}${name.padEnd(width)}`;
  const line = `${key} ${rest.join(' ')}`;
  if (rest.length === 1 || fits(line)) return [line];
  const rows: string[] = [];
  let row = first + name;
  let column = columnAfter(0, row);
  for (const [index, word] of rest.entries()) {
    const from = index === 0 ? columnAfter(0, key) : column;
    const last = index === rest.length - 1;
    if (begins(word) || from + 1 + firstLine(word) + (last ? 1 : 0) > WIDTH) {
      rows.push(row);
      row = further + word;
      column = columnAfter(0, row);
    } else {
      row = `${index === 0 ? key : row} ${word}`;
      column = columnAfter(from + 1, word);
    }
  }
  rows.push(row);
  return rows;
}

/** Whether a word begins a row of its own. */
function begins(word: string): boolean {
  const first = word.charCodeAt(0);
  return first === 34 || first === 39;
}

/** Whether a line and the `;` behind it fit; of quoted text with line ends, the ends count that words stand at. */
function fits(line: string): boolean {
  return firstLine(line) <= WIDTH && columnAfter(0, line) < WIDTH;
}

function firstLine(text: string): number {
  const end = text.indexOf('\n');
  return end < 0 ? columns(text, 0) : columns(text.slice(0, end), 0);
}

/** The column behind a text that starts at `column`. */
function columnAfter(column: number, text: string): number {
  const start = text.lastIndexOf('\n') + 1;
  return start === 0 ? column + columns(text, 0) : columns(text, start);
}

/** Width of a text from `start` on; only tabs that indent it are wider than one. */
function columns(text: string, start: number): number {
  let tabs = 0;
  while (text[start + tabs] === '\t') tabs++;
  return text.length - start + tabs * (TAB - 1);
}
