import type { Invocation, Outcome } from './command.ts';
import { rollOutFrom } from './roll-out.ts';

/** `--json`: see `rollOutFrom`. */
export function run(invocation: Invocation): Promise<Outcome> {
  return rollOutFrom(invocation, {
    action: 'deploy',
    question: 'Deploy this?',
    async prepare(provider, place, loaded) {
      const { terminal, env } = invocation;
      const { warnings, ...bundle } = provider.bundle(await provider.desire(place, loaded, env));
      for (const warning of warnings) terminal.note(`${terminal.noteStyle.yellow('!')} ${warning}`);
      return async (surveyed) => surveyed.map(() => ({ ...bundle, isThere: false }));
    },
  });
}
