import type { Invocation, Outcome } from './command.ts';
import { rollOutFrom } from './roll-out.ts';

/** `--json`: see `rollOutFrom`. */
export function run(invocation: Invocation): Promise<Outcome> {
  return rollOutFrom(invocation, {
    action: 'deploy',
    question: 'Deploy this?',
    async prepare(provider, place, loaded) {
      const bundle = provider.bundle(await provider.desire(place, loaded, invocation.env));
      return async (surveyed) => surveyed.map(() => ({ ...bundle, isThere: false }));
    },
  });
}
