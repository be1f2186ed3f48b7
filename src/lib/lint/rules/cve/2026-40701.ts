import { advisory, type Exposure, ocspChecks } from '../../judgement/advisory.ts';
import type { Model } from '../../model/model.ts';

export const cve202640701 = advisory('2026-40701', {
  when: 'where certificates of clients are checked by OCSP',
  meanwhile: 'set ssl_ocsp off and use ssl_crl',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  for (const { item, stream, asks } of ocspChecks(model))
    if (!stream && (asks === 'on' || asks === 'optional')) yield { item };
}
