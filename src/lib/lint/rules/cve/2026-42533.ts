import { advisory, type Exposure } from '../../judgement/advisory.ts';
import type { Model } from '../../model/model.ts';
import { namesIn } from '../../model/values/names-in.ts';

export const cve202642533 = advisory('2026-42533', {
  when: 'where a capture is followed by a variable whose map has regular expressions',
  meanwhile: 'put the variable in front of the capture, or name the capture',
  exposures,
});

/** A capture, and further on in the same text a variable. */
const BEFORE = /\$(?:\{[1-9]\}|[1-9])(.*)$/u;

function* exposures(model: Model): Iterable<Exposure> {
  const made = new Set<string>();
  for (const map of model.named('map')) {
    const name = map.directive.words[2]?.value.toLowerCase();
    const matches = model.rows(map).some(({ directive }) => directive.name.startsWith('~'));
    if (name?.startsWith('$') && matches) made.add(name.slice(1));
  }
  if (made.size === 0) return;
  for (const item of model.items) {
    for (const word of item.directive.words) {
      const behind = BEFORE.exec(word.value)?.[1];
      if (behind !== undefined && namesIn(behind).some((name) => made.has(name))) yield { item, word };
    }
  }
}
