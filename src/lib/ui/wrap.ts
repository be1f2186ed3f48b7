/** Breaks a text into lines of a width, with something in front of the first one and of the others. */
export function wrap(text: string, width: number, first = '', others = first): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    // a word that is longer than the line stays whole
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = others + word;
    } else line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
