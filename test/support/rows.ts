/** Words that a terminal of so many columns cuts, as it breaks lines wherever it ends; those that fit into no row aside. */
export function cutWords(shown: string, columns: number): string[] {
  return shown.split('\n').flatMap((line) => {
    const words = [...line.matchAll(/\S+/gu)].map(({ 0: word, index }) => ({ word, from: index }));
    return words
      .filter(({ word, from }) => {
        const [first, last] = [from, from + word.length - 1].map((at) => Math.floor(at / columns));
        return first !== last && word.length <= columns - 8;
      })
      .map(({ word }) => `${word} of: ${line}`);
  });
}
