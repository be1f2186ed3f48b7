import type { Style } from './style.ts';
import { table } from './table.ts';
import { visible } from './visible.ts';

/** Records of a zone, a line each, with who keeps them. */
export function renderRecords(
  title: string,
  rows: readonly { readonly owner: string | null; readonly line: string }[],
  style: Style,
): string {
  if (rows.length === 0) return `${visible(title)}: no such records`;
  const lines = table(rows.map(({ owner, line }) => [owner ?? '-', line]));
  const painted = lines.map((line, index) => (rows[index]!.owner === null ? style.dim(line) : line));
  return [style.bold(visible(title)), ...painted].join('\n');
}
