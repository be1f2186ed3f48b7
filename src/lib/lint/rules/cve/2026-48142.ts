import { advisory, type Exposure, valueOf } from '../../advisory.ts';
import type { Model } from '../../model.ts';

export const cve202648142 = advisory('2026-48142', {
  when: 'where answers are recoded with a charset_map',
  meanwhile: 'let the servers send UTF-8 and leave source_charset out',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  if (model.named('charset_map').length === 0) return;
  for (const item of model.named('source_charset')) {
    const charset = valueOf(item.block.effective('charset')[0]);
    if (charset !== '' && charset !== 'off' && charset !== valueOf(item)) yield { item };
  }
}
