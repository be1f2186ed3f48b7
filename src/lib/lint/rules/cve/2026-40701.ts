import { advisory, type Exposure, valueOf } from '../../advisory.ts';
import { scopeOf } from '../../../nginx/directives/contexts.ts';
import type { Model } from '../../model.ts';

export const cve202640701 = advisory('2026-40701', {
  when: 'where certificates of clients are checked by OCSP',
  meanwhile: 'set ssl_ocsp off and use ssl_crl',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  for (const item of model.named('ssl_ocsp')) {
    const stream = scopeOf(item.block.context) === 'stream';
    const asks = valueOf(item.block.effective('ssl_verify_client')[0]);
    if (!stream && /^(?:on|leaf)$/u.test(valueOf(item)) && (asks === 'on' || asks === 'optional'))
      yield { item };
  }
}
