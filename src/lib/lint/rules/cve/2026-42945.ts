import { advisory, type Exposure } from '../../judgement/advisory.ts';
import type { Item, Model } from '../../model/model.ts';

export const cve202642945 = advisory('2026-42945', {
  when: 'where a rewrite with arguments is followed by the use of a capture',
  meanwhile: 'name the capture, as in (?<name>…), and use that',
  exposures,
});

const CAPTURE = /\$(?:\{[1-9]\}|[1-9])/u;

function* exposures(model: Model): Iterable<Exposure> {
  for (const rewrite of model.named('rewrite')) {
    const [, , replacement, flag] = rewrite.directive.words;
    // with a flag nothing that follows is run
    if (!replacement?.value.includes('?') || flag) continue;
    for (const item of followers(rewrite)) {
      const word = item.directive.words.find(({ value }, index) => index > 0 && CAPTURE.test(value));
      if (word) {
        yield { item: rewrite, word: replacement };
        break;
      }
    }
  }
}

/** What is run behind a rewrite, up to the next one that stops: what stands in an `if` too. */
function* followers({ block, index }: Item): Iterable<Item> {
  for (let at = index + 1; at < block.items.length; at++) {
    const item = block.items[at]!;
    const { name, words } = item.directive;
    if (name === 'set' || name === 'rewrite' || name === 'if') yield item;
    if (name === 'if') yield* item.inner?.own('set') ?? [];
    // each rewrite looks at what follows it itself
    if (name === 'return' || (name === 'rewrite' && words[2]?.value.includes('?'))) return;
  }
}
