/** What steers a terminal, and takes no column of it. */
// oxlint-disable-next-line no-control-regex
const STEERING = /\u001B\[[\d;?]*[A-Za-z]|\r/gu;

/** A word with the blanks in front of it. */
const WORD = /\s*\S+/gu;

/** What a line begins with that those below it stand beside: a sign, or a word for what it is. */
const LABEL = /^(?:[^\w\s"'([{/]+ |(?:error|hint): )/u;

/** What somebody may copy: hints, indented lines, and those that name a command. */
const COPIED = /^(?:\s|hint: )|\blbctl \S/u;

interface Folding {
  /** Columns of the terminal. */
  readonly columns: number;
  /** Whether these are lines of files, each of which may be copied. */
  readonly quoted?: boolean;
}

/**
 * Breaks the lines of a text that are longer than a terminal is wide, so that it cuts no word. They go on below their
 * last column, or behind their sign. Lines that may be copied get no end of a line, but blanks up to where the terminal
 * breaks them by itself: a command stays one.
 */
export function fold(text: string, { columns, quoted = false }: Folding): string {
  return text
    .split('\n')
    .map((line) =>
      line.length <= columns || widthOf(line) <= columns ? line : folded(line, columns, quoted),
    )
    .join('\n');
}

function folded(line: string, columns: number, quoted: boolean): string {
  const plain = line.replaceAll(STEERING, '');
  const indent = ' '.repeat(indentOf(plain, columns));
  const rows = [''];
  for (const [word] of line.matchAll(WORD)) {
    const row = rows.at(-1)!;
    if (row !== '' && widthOf(row + word) > columns) rows.push(indent + word.trimStart());
    else rows[rows.length - 1] = row + word;
  }
  const last = rows.pop()!;
  const isCopied = quoted || COPIED.test(plain);
  return rows.map((row) => (isCopied ? filled(row, columns) : `${row}\n`)).join('') + last;
}

/** How far what goes on is moved in: to where the last column of a table begins, if that leaves half of the width. */
function indentOf(line: string, columns: number): number {
  const [lead = ''] = /^\s*/u.exec(line)!;
  const starts = [...line.slice(lead.length).matchAll(/\S {2,}(?=\S)/gu)]
    .map(({ 0: gap, index }) => lead.length + index + gap.length)
    .filter((start) => start <= columns / 2);
  const label = LABEL.exec(line.slice(lead.length))?.[0].length ?? 2;
  return starts.at(-1) ?? Math.min(lead.length + label, Math.floor(columns / 2));
}

/** A row with blanks up to the edge of the terminal; a word that is longer than a row has gone on by itself. */
function filled(row: string, columns: number): string {
  const over = widthOf(row) % columns;
  return over === 0 ? row : row + ' '.repeat(columns - over);
}

/** Columns that a text takes; most characters take one. */
function widthOf(text: string): number {
  return text.replaceAll(STEERING, '').length;
}
