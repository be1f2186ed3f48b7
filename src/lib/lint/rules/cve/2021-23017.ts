import { advisory, type Exposure, valueOf } from '../../judgement/advisory.ts';
import type { Model } from '../../model/model.ts';

export const cve202123017 = advisory('2021-23017', {
  when: 'where names are looked up by DNS',
  meanwhile: 'ask only a name server that nobody else can speak for',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  for (const item of model.named('resolver')) if (valueOf(item) !== 'off') yield { item };
}
