import { advisory, type Exposure } from '../../judgement/advisory.ts';
import type { Model } from '../../model/model.ts';

export const cve202627654 = advisory('2026-27654', {
  when: 'where files can be copied or moved below an alias',
  meanwhile: 'take COPY and MOVE out of dav_methods, or use root',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  for (const item of model.named('alias')) {
    const [, kind = undefined] = item.block.directive?.words ?? [];
    if (kind && kind.value.startsWith('~')) continue;
    const [methods] = item.block.effective('dav_methods');
    if (methods?.directive.words.some(({ value }) => /^(?:COPY|MOVE)$/iu.test(value))) yield { item };
  }
}
