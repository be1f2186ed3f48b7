import { described } from './roll-out/described.ts';
import type { Invocation, Outcome } from './command.ts';
import { rollOutFrom } from './roll-out/roll-out.ts';

/** `--json`: see `rollOutFrom`. */
export function run(invocation: Invocation): Promise<Outcome> {
  return rollOutFrom(invocation, {
    action: 'deploy',
    brings: true,
    async choose(world, surveyed) {
      const { choice } = await described(invocation, world, surveyed);
      return { ...choice, question: 'Deploy this?', again: 'lbctl deploy' };
    },
  });
}
