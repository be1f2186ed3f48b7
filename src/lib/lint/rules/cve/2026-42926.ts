import { advisory, type Exposure, valueOf } from '../../judgement/advisory.ts';
import type { Model } from '../../model/model.ts';

export const cve202642926 = advisory('2026-42926', {
  when: 'where proxy_set_body goes to a server over HTTP/2',
  meanwhile: 'speak HTTP/1.1 there',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  for (const item of model.named('proxy_set_body'))
    if (valueOf(item.block.effective('proxy_http_version')[0]) === '2') yield { item };
}
