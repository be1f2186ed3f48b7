import { Context } from '../nginx/directives/contexts.ts';
import type { Block, Model } from './model.ts';

/** Servers of http that requests come to whatever name they ask for: the first one of an address, or the one it names. */
export function defaultServersOf(model: Model): ReadonlySet<Block> {
  const chosen = new Map<string, Block>();
  const first = new Map<string, Block>();
  for (const block of model.blocks) {
    if (block.context !== Context.server) continue;
    const listens = block.own('listen');
    if (listens.length === 0 && !first.has('*:80')) first.set('*:80', block);
    for (const { directive } of listens) {
      const address = addressOf(directive.words[1]?.value ?? '');
      if (!first.has(address)) first.set(address, block);
      if (directive.words.some(({ value }) => value === 'default_server' || value === 'default'))
        chosen.set(address, block);
    }
  }
  return new Set([...first].map(([address, block]) => chosen.get(address) ?? block));
}

/** An address to listen on, with its port. */
function addressOf(value: string): string {
  if (/^\d+$/u.test(value)) return `*:${value}`;
  if (value.startsWith('unix:') || /:\d+$/u.test(value))
    return value.replace(/^0\.0\.0\.0:/u, '*:').toLowerCase();
  return `${value.toLowerCase()}:80`;
}

/** Whether a name is one of a server's, as far as can be told in short. */
export function answersTo(server: Block, host: string): boolean {
  const names = server.own('server_name').flatMap(({ directive }) => directive.words.slice(1));
  return (
    names.length > MOST ||
    names.some(({ value }) => {
      const name = value.toLowerCase();
      if (name.startsWith('~')) return true;
      if (name.endsWith('.*')) return host.startsWith(name.slice(0, -1));
      if (name.startsWith('*.')) return host.endsWith(name.slice(1));
      return name.startsWith('.') ? `.${host}`.endsWith(name) : host === name;
    })
  );
}

const MOST = 50;
