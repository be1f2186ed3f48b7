import type { AnyProvider } from '../lib/providers/registry.ts';
import type { Loaded } from '../lib/source/load.ts';
import type { Invocation } from './command.ts';
import type { Choice } from './roll-out.ts';

interface Described {
  /** What the provider makes of lb.yaml. */
  readonly desired: unknown;
  readonly choose: Choice;
}

/** What lb.yaml describes, for all nodes alike; says what is not as it should be where it goes. */
export async function described(
  { terminal, env }: Invocation,
  provider: AnyProvider,
  place: unknown,
  loaded: Loaded,
): Promise<Described> {
  const desired = await provider.desire(place, loaded, env);
  const { warnings, ...bundle } = provider.bundle(desired);
  for (const warning of warnings) terminal.note(`${terminal.noteStyle.yellow('!')} ${warning}`);
  return { desired, choose: async (surveyed) => surveyed.map(() => ({ ...bundle, isThere: false })) };
}
