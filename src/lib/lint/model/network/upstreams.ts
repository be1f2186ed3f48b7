import { Context } from '../../../nginx/directives/contexts.ts';
import type { Block, Item, Model } from '../model.ts';
import { scopedName } from '../scoped-name.ts';

/** A group of servers, and who uses it. */
export interface Upstream {
  /** As it is written. */
  readonly name: string;
  readonly item: Item;
  readonly block: Block;
  readonly stream: boolean;
  /** Its `server` lines. */
  readonly servers: readonly Item[];
  /** Directives such as `proxy_pass` that name it; a variable may stand for the path, but not for the name. */
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
    const key = scopedName(name, inner);
    if (!found.has(key))
      found.set(key, { name, item, block: inner, stream, servers: inner.own('server'), users: [] });
  }
  if (found.size === 0) return found;
  for (const pass of PASSES)
    for (const item of model.named(pass)) {
      const name = groupOf(item);
      if (name !== undefined) found.get(scopedName(name, item.block))?.users.push(item);
    }
  return found;
}

/** Variables that start with a slash or a question mark, so that the host ends in front of them. */
const PATHS = /\$\{?(?:request_uri|uri|document_uri|is_args)\b/iu;

/** The scheme and the `host:port` of an address as `proxy_pass` takes it; variables are left in them. */
export function authorityOf(address: string): { readonly scheme: string; readonly authority: string } {
  const colon = address.indexOf('://');
  const schemed = colon > 0 && /^\w+$/u.test(address.slice(0, colon));
  const scheme = schemed ? address.slice(0, colon).toLowerCase() : '';
  const rest = schemed ? address.slice(colon + 3) : address;
  if (/^unix:/iu.test(rest)) return { scheme, authority: rest.split(':', 2).join(':') };
  const end = rest.search(/[/?]/u);
  const beforePath = end < 0 ? rest : rest.slice(0, end);
  const path = beforePath.includes('$') ? beforePath.search(PATHS) : -1;
  return { scheme, authority: path <= 0 ? beforePath : beforePath.slice(0, path) };
}

/** The host or group that a directive such as `proxy_pass` names; undefined where it is a variable or a socket. */
export function groupOf({ directive }: Item): string | undefined {
  const { authority } = authorityOf(directive.words[1]?.value ?? '');
  return authority === '' || authority.includes('$') || /^unix:/iu.test(authority) ? undefined : authority;
}
