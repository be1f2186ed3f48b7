import type { Directive, Word } from '../../../nginx/syntax/tree.ts';
import { type ReadAddress, readAddress } from './addresses.ts';
import type { Item } from '../model.ts';
import type { Upstream } from './upstreams.ts';

/** The address of a `server` line of an upstream; undefined where it cannot be read. */
export function serverAddress({ directive }: Item): ReadAddress | undefined {
  if (!addresses.has(directive)) addresses.set(directive, readAddress(directive.words[1]?.value ?? ''));
  return addresses.get(directive);
}

/** Kept, as several rules ask. */
const addresses = new WeakMap<Directive, ReadAddress | undefined>();

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
