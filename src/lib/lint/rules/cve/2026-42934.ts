import { advisory, type Exposure, recodings, valueOf } from '../../judgement/advisory.ts';
import type { Model } from '../../model/model.ts';

export const cve202642934 = advisory('2026-42934', {
  when: 'where answers that are not buffered are recoded with a charset_map',
  meanwhile: 'switch proxy_buffering on there',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  for (const { item } of recodings(model))
    if (valueOf(item.block.effective('proxy_buffering')[0]) === 'off') yield { item };
}
