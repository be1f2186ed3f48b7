import { type Address, parseAddress } from '../nginx/check/address.ts';
import type { Directive, Word } from '../nginx/syntax/tree.ts';
import type { Item } from './model.ts';
import type { Upstream } from './upstreams.ts';

/** An address that could be read. */
export type ServerAddress = Exclude<Address, { readonly problem: string }>;

/** The address of a `server` line of an upstream; undefined where it cannot be read. */
export function serverAddress({ directive }: Item): ServerAddress | undefined {
  if (!addresses.has(directive)) {
    const address = parseAddress(directive.words[1]?.value ?? '');
    addresses.set(directive, 'problem' in address ? undefined : address);
  }
  return addresses.get(directive);
}

/** Kept, as several rules ask. */
const addresses = new WeakMap<Directive, ServerAddress | undefined>();

/** A parameter of a `server` line, by its name in front of the `=` or its whole text. */
export function parameterOf({ directive }: Item, name: string): Word | undefined {
  const { words } = directive;
  for (let at = 2; at < words.length; at++) {
    const { value } = words[at]!;
    if (value.startsWith(name) && (value.length === name.length || value[name.length] === '='))
      return words[at];
  }
  return undefined;
}

/** What stands behind the `=` of a parameter; undefined where it is not there. */
export function valueOf(server: Item, name: string): string | undefined {
  return parameterOf(server, name)?.value.slice(name.length + 1);
}

/** Servers that get requests as long as they answer: neither `down` nor `backup`. */
export function activeServers({ servers }: Upstream): Item[] {
  return servers.filter((server) => !parameterOf(server, 'down') && !parameterOf(server, 'backup'));
}

/** Whether an address is one of this machine: there a connection fails at once, if it fails. */
export function isLocal({ family, host }: ServerAddress): boolean {
  if (family === 'unix') return true;
  if (family === 'name') return host === 'localhost' || host.endsWith('.localhost');
  return family === 'inet' ? host.startsWith('127.') : host === '0:0:0:0:0:0:0:1';
}
