import { advisory, directives, type Exposure, valueOf } from '../../judgement/advisory.ts';
import type { Model } from '../../model/model.ts';

export const cve202642055 = advisory('2026-42055', {
  when: 'where HTTP/2 is spoken to servers',
  meanwhile: 'speak HTTP/1.1 to them where that is possible',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  yield* directives(model, 'grpc_pass');
  for (const item of model.named('proxy_http_version'))
    if (valueOf(item) === '2') yield { item, word: item.directive.words[1] };
}
