import { spawned } from './spawned.ts';
import type { Transport } from './transport.ts';

/** This machine, with the rights of who runs lbctl. */
export function localTransport(): Transport {
  return { name: 'this machine', run: spawned, close: async () => undefined };
}
