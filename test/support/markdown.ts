/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  /** Words behind the language: `bad`, or `target=1.22` by its name. */
  readonly info: ReadonlyMap<string, string>;
  readonly text: string;
  /** Line of the page on which the block starts. */
  readonly line: number;
}

/** The fenced blocks of a page that name their language. */
export function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(\w+)([^\n]*)\n(.*?)^```$/gmsu)].map((match) => {
    const [, language = '', info = '', text = ''] = match;
    return {
      language,
      info: new Map(
        info
          .split(' ')
          .filter((word) => word !== '')
          .map((word) => {
            const [name = '', ...value] = word.split('=');
            return [name, value.join('=')];
          }),
      ),
      text,
      line: page.slice(0, match.index).split('\n').length,
    };
  });
}
