import type { Invocation, Outcome } from './command.ts';
import { described } from './described.ts';
import { rollOutFrom } from './roll-out.ts';

/** `--json`: see `rollOutFrom`. */
export function run(invocation: Invocation): Promise<Outcome> {
  let desired: unknown;
  return rollOutFrom(invocation, {
    action: 'up',
    question: 'Do this to the running balancer?',
    async prepare(provider, place, loaded) {
      const { choose, ...rest } = await described(invocation, provider, place, loaded);
      ({ desired } = rest);
      return choose;
    },
    async ahead(provider, place) {
      const observed = await provider.observe(place);
      const { steps } = provider.plan(desired, observed);
      return {
        steps,
        check: () => provider.check(desired, observed),
        async take(io) {
          for (const step of steps) await provider.execute(step, desired, io);
        },
      };
    },
  });
}
