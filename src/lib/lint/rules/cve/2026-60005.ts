import { advisory, type Exposure, valueOf } from '../../judgement/advisory.ts';
import type { Block, Model } from '../../model/model.ts';

export const cve202660005 = advisory('2026-60005', {
  when: 'where captures without a name meet slice, or updates of a cache in the background',
  meanwhile: 'name the capture, as in (?<name>…)',
  exposures,
});

const CAPTURE = /\$(?:\{[1-9]\}|[1-9])/u;

/** These are done with before a part or a copy of a request is made. */
const BEFOREHAND = new Set(['rewrite', 'set', 'if', 'return']);

function* exposures(model: Model): Iterable<Exposure> {
  if (!UPDATES.some((name) => model.named(name).length > 0) && model.named('slice').length === 0) return;
  for (const item of model.items) {
    if (BEFOREHAND.has(item.directive.name)) continue;
    const word = item.directive.words.find(({ value }) => CAPTURE.test(value));
    if (word && hasParts(item.block)) yield { item, word };
  }
}

const UPDATES = ['proxy', 'fastcgi', 'scgi', 'uwsgi'].map((name) => `${name}_cache_background_update`);

function hasParts(block: Block): boolean {
  const slice = valueOf(block.effective('slice')[0]);
  return (
    (slice !== '' && slice !== '0') || UPDATES.some((name) => valueOf(block.effective(name)[0]) === 'on')
  );
}
