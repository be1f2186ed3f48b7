import { advisory, type Exposure, ocspChecks } from '../../judgement/advisory.ts';
import type { Model } from '../../model/model.ts';

export const cve202628755 = advisory('2026-28755', {
  when: 'where certificates of clients are checked by OCSP in stream',
  meanwhile: 'use ssl_crl',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  for (const { item, stream, asks } of ocspChecks(model)) if (stream && asks === 'on') yield { item };
}
