import { visible } from './visible.ts';

/** Columns one beside the other, as wide as what is in them; the last one has no padding. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map(visible));
  const widths = (shown[0] ?? []).map((_, column) =>
    Math.max(...shown.map((row) => (row[column] ?? '').length)),
  );
  return shown.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!))).join('  '),
  );
}

/** A row of a table for which a terminal is too narrow: the first column, with the others below it by their heads. */
export function stacked(
  [first = '', ...cells]: readonly string[],
  [, ...heads]: readonly string[],
): string[] {
  const width = Math.max(...heads.map((head) => head.length));
  return [first, ...cells.map((cell, index) => `  ${heads[index]!.padEnd(width)}  ${cell.trim()}`.trimEnd())];
}
