import { advisory, type Exposure } from '../../judgement/advisory.ts';
import type { Model } from '../../model/model.ts';

export const cve202553859 = advisory('2025-53859', {
  when: 'where mail clients need not log in',
  meanwhile: 'take none out of smtp_auth',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  for (const item of model.named('smtp_auth')) {
    const word = item.directive.words.find(({ value }) => value.toLowerCase() === 'none');
    if (word) yield { item, word };
  }
}
