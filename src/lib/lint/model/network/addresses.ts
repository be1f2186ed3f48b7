import { type Address, parseAddress } from '../../../nginx/check/address.ts';

/** An address that could be read. */
export type ReadAddress = Exclude<Address, { readonly problem: string }>;

/** Reads the address of a server to ask, or to `listen` on; undefined where it cannot be read. */
export function readAddress(text: string, { listen = false } = {}): ReadAddress | undefined {
  const address = parseAddress(text, { listen });
  return 'problem' in address ? undefined : address;
}

/** Whether an address is one of this machine: nobody else reaches it, and a connection fails at once, if it fails. */
export function isLocal({ family, host }: ReadAddress): boolean {
  if (family === 'unix') return true;
  if (family === 'name') return host === 'localhost' || host.endsWith('.localhost');
  return family === 'inet' ? host.startsWith('127.') : host === '0:0:0:0:0:0:0:1';
}
