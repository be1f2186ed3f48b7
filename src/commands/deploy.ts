import type { Invocation, Outcome } from './command.ts';
import { described } from './described.ts';
import { rollOutFrom } from './roll-out.ts';

/** `--json`: see `rollOutFrom`. */
export function run(invocation: Invocation): Promise<Outcome> {
  return rollOutFrom(invocation, {
    action: 'deploy',
    question: 'Deploy this?',
    prepare: async (provider, place, loaded) => (await described(invocation, provider, place, loaded)).choose,
  });
}
