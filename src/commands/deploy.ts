import { drainedOn, drainedRemark, withDrained } from '../lib/pool/drained.ts';
import type { Invocation, Outcome } from './command.ts';
import { rollOutFrom } from './roll-out.ts';

/** `--json`: see `rollOutFrom`. */
export function run(invocation: Invocation): Promise<Outcome> {
  return rollOutFrom(invocation, {
    action: 'deploy',
    async choose({ provider, place, loaded }, surveyed) {
      // what is drained on one node is so on all, as all serve the same release
      const marked = withDrained(loaded, drainedOn(surveyed));
      const described = await provider.desire(place, marked, invocation.env);
      const { warnings, ...bundle } = provider.bundle(described);
      return {
        releases: surveyed.map(() => ({ ...bundle, isThere: false, drained: marked.drained })),
        question: 'Deploy this?',
        remarks: warnings,
        notes: drainedRemark(marked.drained),
        again: 'lbctl deploy',
      };
    },
  });
}
