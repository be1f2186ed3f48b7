import { Context } from '../nginx/directives/contexts.ts';
import type { Block, Item } from './model.ts';
import { PASSES } from './upstreams.ts';

/** What a location matches. */
export interface Match {
  readonly kind: 'exact' | 'prefix' | 'regex' | 'named';
  /** The path, the regular expression, or the name. */
  readonly text: string;
}

const KINDS: Readonly<Record<string, Match['kind']>> = {
  '=': 'exact',
  '^~': 'prefix',
  '~': 'regex',
  '~*': 'regex',
};

/** What a location matches; the modifier may be glued to the path. Undefined where it says nothing. */
export function matchOf({ directive }: Item): Match | undefined {
  const [, first, second] = directive.words;
  if (first === undefined) return undefined;
  if (second) return { kind: KINDS[first.value] ?? 'prefix', text: second.value };
  if (first.value.startsWith('@')) return { kind: 'named', text: first.value };
  const [, modifier = '', text = ''] = /^(=|\^~|~\*?|)([^]*)$/u.exec(first.value) ?? [];
  return { kind: KINDS[modifier] ?? 'prefix', text };
}

/** The server that a block belongs to. */
export function serverOf(block: Block): Block | undefined {
  let one: Block | undefined = block;
  while (one && one.context !== Context.server) one = one.parent;
  return one;
}

/** Directives besides those that pass requests on that answer in the place of files. */
const ANSWERS = [
  'return',
  'stub_status',
  'api',
  'status',
  'empty_gif',
  'perl',
  'js_content',
  'content_by_lua_block',
  'content_by_lua_file',
  'content_by_lua',
  'echo',
];

/** What answers the requests of a block in the place of files; undefined where NGINX looks for files. */
export function handlerOf(block: Block): Item | undefined {
  for (const name of [...PASSES, ...ANSWERS]) {
    const [found] = block.own(name);
    if (found) return found;
  }
  return block.own('rewrite').find(fitsAll);
}

/** Whether a `rewrite` fits every path. */
export function fitsAll({ directive }: Item): boolean {
  return /^\^?(?:\/?\(?\.[*+]\)?\$?|\/?)$/u.test(directive.words[1]?.value ?? '');
}
