import { type Characters, holds, LINE_FEED, onlyOne, others } from './characters.ts';
import type { Node } from './tree.ts';

/** So many texts are made at most. */
const MOST = 8;

/**
 * Short texts as they may be meant by a regular expression: a dot that was not escaped becomes one, and what need not
 * be there is left out.
 */
export function samplesOf(node: Node): string[] {
  switch (node.kind) {
    case 'set':
      return [sampleOf(node.characters)];
    case 'group':
      return samplesOf(node.inner);
    case 'alternatives':
      return node.branches.slice(0, MOST).flatMap(samplesOf).slice(0, MOST);
    case 'sequence': {
      let texts = [''];
      for (const item of node.items) {
        const more = samplesOf(item);
        texts = texts.flatMap((text) => more.map((one) => text + one)).slice(0, MOST);
      }
      return texts;
    }
    case 'repeat': {
      if (node.least === 0) return [''];
      const one =
        node.inner.kind === 'set' && isDot(node.inner.characters) ? 'x' : (samplesOf(node.inner)[0] ?? '');
      return [one.repeat(Math.min(node.least, MOST))];
    }
    default:
      return [''];
  }
}

/** Whether a set is that of a dot, which takes all but a line feed. */
function isDot(characters: Characters): boolean {
  return (characters | LINE_FEED) === others(0n);
}

function sampleOf(characters: Characters): string {
  if (isDot(characters)) return '.';
  return onlyOne(characters) ?? [...'xa1-./'].find((char) => holds(characters, char)) ?? '_';
}
