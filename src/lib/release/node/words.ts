/** A line that the script of a node says: a word, and what belongs to it. */
export interface Said {
  readonly word: string;
  readonly parts: readonly string[];
}

/** Takes a line of the script apart. */
export function readSaid(line: string): Said {
  const [word = '', ...parts] = line.split('\t');
  return { word, parts };
}

/** What belongs to all lines of a word, in their order. */
export function partsOf(text: string, word: string): string[][] {
  return text
    .split('\n')
    .map(readSaid)
    .filter((said) => said.word === word)
    .map(({ parts }) => [...parts]);
}
