import { Aborted } from '../../lib/errors.ts';
import type { Io } from '../../lib/io.ts';
import { stoppable } from '../../lib/ui/interruption.ts';
import type { Choice, Part } from './work.ts';

/**
 * Takes steps that are not of nodes, and comes to an end with those under way where somebody interrupts them.
 * @throws Aborted then: nothing else is begun.
 */
export async function takePart(part: Part, { again }: Pick<Choice, 'again'>, io: Io): Promise<void> {
  const isStopped = await stoppable(io, async (signal) => {
    await part.take(io, signal);
    return signal.aborted;
  });
  if (isStopped) throw new Aborted(`stopped; ${again ?? 'the same command'} goes on from here`);
}
