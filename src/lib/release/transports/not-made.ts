import { UserError } from '../../errors.ts';
import type { Transport } from './transport.ts';

/** The way to a machine that `up` is still to make: there is none. */
export function notMade(name: string): Transport {
  return {
    name,
    run: () =>
      Promise.reject(
        new UserError('failed', 'not-made', `${name} is not there yet`, { hint: 'lbctl up makes it' }),
      ),
    close: async () => undefined,
  };
}
