import { advisory, type Exposure, valueOf } from '../../advisory.ts';
import type { Model } from '../../model.ts';

export const cve202642934 = advisory('2026-42934', {
  when: 'where answers that are not buffered are recoded with a charset_map',
  meanwhile: 'switch proxy_buffering on there',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  if (model.named('charset_map').length === 0) return;
  for (const item of model.named('source_charset')) {
    const charset = valueOf(item.block.effective('charset')[0]);
    if (
      charset !== '' &&
      charset !== 'off' &&
      charset !== valueOf(item) &&
      valueOf(item.block.effective('proxy_buffering')[0]) === 'off'
    )
      yield { item };
  }
}
