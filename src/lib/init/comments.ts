/** Columns that a line of lb.yaml takes at most, so that it is whole on any terminal. */
const WIDTH = 79;

/** A comment in as many lines as it takes. */
export function comment(text: string, indent = ''): string[] {
  const lines: string[] = [];
  let line = `${indent}#`;
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `${indent}#`;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
