import { advisory, type Exposure, valueOf } from '../../judgement/advisory.ts';
import { scopeOf } from '../../../nginx/directives/contexts.ts';
import type { Model } from '../../model/model.ts';

export const cve202628753 = advisory('2026-28753', {
  when: 'where the names of mail clients are looked up',
  meanwhile: 'set resolver off in mail',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  for (const item of model.named('resolver'))
    if (scopeOf(item.block.context) === 'mail' && valueOf(item) !== 'off') yield { item };
}
