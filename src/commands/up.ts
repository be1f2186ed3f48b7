import type { Invocation, Outcome } from './command.ts';
import { described } from './described.ts';
import { rollOutFrom, type Work } from './roll-out.ts';

/** `--json`: see `rollOutFrom`. */
export function run(invocation: Invocation): Promise<Outcome> {
  return rollOutFrom(invocation, comingUp(invocation));
}

/** What `up` does, and `plan` shows: the provider's own steps, and then the release. */
export function comingUp(invocation: Invocation): Work {
  return {
    action: 'up',
    brings: true,
    async choose(world, surveyed) {
      const { provider, place } = world;
      const { desired, choice } = await described(invocation, world, surveyed);
      const observed = await provider.observe(place);
      const { steps } = provider.plan(desired, observed);
      return {
        ...choice,
        question: 'Do this to the running balancer?',
        again: 'lbctl up',
        ahead: {
          steps,
          check: () => provider.check(desired, observed),
          async take(io) {
            for (const step of steps) await provider.execute(step, desired, io);
          },
        },
      };
    },
  };
}
