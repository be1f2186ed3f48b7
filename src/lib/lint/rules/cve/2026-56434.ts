import { advisory, type Exposure, switchedOn } from '../../judgement/advisory.ts';
import type { Model } from '../../model/model.ts';
import { PASSES } from '../../model/network/upstreams.ts';

export const cve202656434 = advisory('2026-56434', {
  when: 'where answers of servers are searched for SSI commands',
  meanwhile: 'switch ssi off where requests are passed on',
  exposures,
});

function* exposures(model: Model): Iterable<Exposure> {
  if (PASSES.some((name) => model.named(name).length > 0)) yield* switchedOn(model, 'ssi');
}
