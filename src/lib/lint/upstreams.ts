import { Context, scopeOf } from '../nginx/directives/contexts.ts';
import type { Block, Item, Model } from './model.ts';

/** A group of servers, and who uses it. */
export interface Upstream {
  /** As it is written. */
  readonly name: string;
  readonly item: Item;
  readonly block: Block;
  readonly stream: boolean;
  /** Its `server` lines. */
  readonly servers: readonly Item[];
  /** Directives such as `proxy_pass` that name it without variables. */
  readonly users: readonly Item[];
}

/** Directives that pass requests on, to an address, an upstream or a variable. */
export const PASSES = [
  'proxy_pass',
  'fastcgi_pass',
  'grpc_pass',
  'scgi_pass',
  'uwsgi_pass',
  'memcached_pass',
] as const;

/** Upstreams by their names in lower case; those of stream have `stream ` in front. */
export function upstreamsOf(model: Model): Map<string, Upstream> {
  const found = new Map<string, Upstream & { readonly users: Item[] }>();
  for (const item of model.named('upstream')) {
    const name = item.directive.words[1]?.value;
    const { inner } = item;
    if (name === undefined || !inner) continue;
    const stream = inner.context === Context.streamUpstream;
    const key = keyOf(name, stream);
    if (!found.has(key))
      found.set(key, { name, item, block: inner, stream, servers: inner.own('server'), users: [] });
  }
  if (found.size === 0) return found;
  for (const pass of PASSES)
    for (const item of model.named(pass)) {
      const name = groupOf(item);
      if (name !== undefined)
        found.get(keyOf(name, scopeOf(item.block.context) === 'stream'))?.users.push(item);
    }
  return found;
}

function keyOf(name: string, stream: boolean): string {
  return `${stream ? 'stream ' : ''}${name.toLowerCase()}`;
}

/** The host or group that a directive such as `proxy_pass` names; undefined where it has variables or a socket. */
export function groupOf({ directive }: Item): string | undefined {
  const value = directive.words[1]?.value;
  if (value === undefined || value.includes('$') || /^(?:\w+:\/\/)?unix:/iu.test(value)) return undefined;
  return value.replace(/^\w+:\/\//u, '').replace(/[/?].*$/u, '');
}
