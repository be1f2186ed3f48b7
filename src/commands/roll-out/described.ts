import { remarkLines } from '../../lib/balancer/remarks/remarks.ts';
import { certificateWork } from '../../lib/certificates/work.ts';
import { drainedOn, drainedRemark, withDrained } from '../../lib/pool/drained.ts';
import { author } from '../../lib/release/author.ts';
import { readWaits } from '../../lib/release/settings.ts';
import type { Surveyed } from '../../lib/release/rollout/survey.ts';
import type { Invocation } from '../command.ts';
import { foundRemarks } from './fewer.ts';
import { unreached } from '../found.ts';
import type { Choice, World } from './work.ts';

interface Described {
  /** What the provider makes of lb.yaml. */
  readonly desired: unknown;
  readonly choice: Pick<Choice, 'releases' | 'remarks' | 'notes' | 'refusal' | 'behind'>;
}

/** What lb.yaml describes, for all nodes alike. */
export async function described(
  invocation: Invocation,
  { provider, place, loaded }: World,
  surveyed: readonly Surveyed[],
): Promise<Described> {
  const { env, options } = invocation;
  // what is drained on one node is so on all, as all serve the same release
  const marked = withDrained(loaded, drainedOn(surveyed));
  const { drained } = marked;
  const desired = await provider.desire(place, marked, env);
  const { warnings, certificates, ...bundle } = provider.bundle(desired);
  const releases = surveyed.map(() => ({ ...bundle, isThere: false, drained }));
  const { remarks = [], refusal } = await foundRemarks(invocation, loaded, surveyed);
  const notes = drainedRemark(drained);
  const claim = { who: author(env), wait: readWaits(options).wait };
  const behind = await certificateWork(surveyed, certificates, claim);
  return {
    desired,
    choice: {
      releases,
      remarks: [...remarkLines(loaded.balancer), ...remarks, ...(await unreached(loaded)), ...warnings],
      refusal,
      notes,
      behind,
    },
  };
}
