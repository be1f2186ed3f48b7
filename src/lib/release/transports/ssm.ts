import { type RunCommand, runCommandIn } from '../../aws/ssm.ts';
import type { Store } from '../store/store.ts';
import { commandsBy, type Gone, type Machine } from './ssm/commands.ts';
import type { Transport } from './transport.ts';

/** Ways to all nodes of a Region. */
export interface Fleet {
  to(machine: Machine): Transport;
  close(): void;
}

/**
 * Nodes by Run Command of Systems Manager: nothing listens there, and who may do what is a matter of IAM. Nodes that are
 * asked the same at once, 50 at most, are one command. What a program prints is told when it has ended.
 *
 * A program is started once, whatever is lost on the way, and goes on when the command is cancelled, or lbctl is killed.
 * What goes to its input lies in the bucket of the releases; words can be seen in the history of commands.
 * @param gone which of some instances are no longer, so that nobody waits for their answers; none when left out.
 */
export function fleetIn(
  store: Store,
  gone: Gone = async () => new Set(),
  service: RunCommand = runCommandIn(store.region),
): Fleet {
  const commands = commandsBy(service, store, gone);
  function close(): void {
    commands.close();
    service.close();
  }
  return {
    to: (machine) => ({
      name: machine.name,
      atOnce: 1000,
      async run(words, { input, onLine } = {}) {
        const ran = await commands.run(machine, words, input);
        if (onLine && ran.stdout !== '')
          for (const line of ran.stdout.replace(/\n$/u, '').split('\n')) onLine(line);
        return ran;
      },
      close: async () => undefined,
    }),
    close,
  };
}
