import { advisory, type Exposure, switchedOn } from '../../advisory.ts';
import type { Model } from '../../model.ts';
import { PASSES } from '../../upstreams.ts';

export const cve202656434 = advisory('2026-56434', {
  when: 'where answers of servers are searched for SSI commands',
  meanwhile: 'switch ssi off where requests are passed on',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  if (PASSES.some((name) => model.named(name).length > 0)) yield* switchedOn(model, 'ssi');
}
