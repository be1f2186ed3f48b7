import type { Word } from '../../../nginx/syntax/tree.ts';
import type { Block, Item, Model } from '../model.ts';
import { PASSES } from '../network/upstreams.ts';

/*
 * NGINX takes a request through phases: `set`, `rewrite`, `return` and `if` of the server, the choice of a location,
 * those of the location, then limits (`limit_req`, `limit_conn`), then access (`allow`, `auth_basic`…), then
 * `try_files`, and what makes the content at last. An answer that is given early meets nothing of what comes later.
 */

/** Directives that NGINX works through one after the other before it chooses where a request goes. */
const IN_ORDER = new Set(['set', 'rewrite', 'return', 'if', 'break']);

/** Whether what stands behind a directive in its block has no effect on it. */
export function isInOrder({ directive }: Item): boolean {
  return IN_ORDER.has(directive.name);
}

/** Where a `return` or a `rewrite` sends clients; undefined where it does something else. */
export function redirectOf(item: Item): Word | undefined {
  const { name, words } = item.directive;
  const [, first, second] = words;
  if (name === 'rewrite') {
    const redirects = isFlagged(item) || /^(?:https?:\/\/|\$scheme)/u.test(second?.value ?? '');
    return redirects ? second : undefined;
  }
  if (name !== 'return' || !first) return undefined;
  if (!second) return /^\d+$/u.test(first.value) ? undefined : first;
  return /^30[12378]$/u.test(first.value) ? second : undefined;
}

/** Whether the last word of a `rewrite` makes it a redirect. */
function isFlagged({ directive }: Item): boolean {
  return /^(?:redirect|permanent)$/u.test(directive.words[3]?.value ?? '');
}

/** Whether a `rewrite` fits every path. */
export function fitsAll({ directive }: Item): boolean {
  return /^\^?(?:\/?\(?\.[*+]\)?\$?|\/?)$/u.test(directive.words[1]?.value ?? '');
}

/** Whether a `return` gives the client something: refusals need no guard. */
export function givesSomething({ directive }: Item): boolean {
  return !/^[45]\d\d$/u.test(directive.words[1]?.value ?? '');
}

/** Whether no request that comes into a block stays there: it is answered, or led elsewhere. */
export function isLeft(block: Block): boolean {
  return (
    block.own('return').length > 0 ||
    block.own('rewrite').some((item) => item.directive.words[3]?.value === 'last' || redirectOf(item))
  );
}

/** Whether a request for which a `rewrite` or an `if` holds is answered, or goes elsewhere; of an `if` what is plain. */
export function leaves(item: Item): boolean {
  const { directive, inner } = item;
  if (directive.name === 'rewrite') {
    const flag = directive.words[3]?.value;
    return flag === undefined ? redirectOf(item) !== undefined : flag !== 'break';
  }
  return inner !== undefined && (inner.own('return').length > 0 || inner.own('rewrite').some(isFlagged));
}

/** What modules answer with in the place of files. */
const PAGES = [
  'stub_status',
  'empty_gif',
  'perl',
  'js_content',
  'content_by_lua_block',
  'content_by_lua_file',
] as const;

/** What answers in the place of files. */
const HANDLERS = [...PASSES, 'return', ...PAGES, 'api', 'status', 'content_by_lua', 'echo'];

/** What answers the requests of a block in the place of files; undefined where NGINX looks for files. */
export function handlerOf(block: Block): Item | undefined {
  for (const name of HANDLERS) {
    const [found] = block.own(name);
    if (found) return found;
  }
  return block.own('rewrite').find(fitsAll);
}

/** What gives clients more than an answer that stands in the configuration. */
const CONTENT = [...PASSES, ...PAGES, 'root', 'alias', 'try_files'];

/** Servers of http that have something to give: no mere redirects, and no refusals. */
export function serversWithContent(model: Model): Set<Block> {
  const found = new Set<Block>();
  for (const name of CONTENT)
    for (const { block } of model.named(name)) {
      const path = block.directive?.words.at(-1)?.value ?? '';
      // a server of redirects proves its names to those who sign certificates
      if (block.server && !path.includes('/.well-known/acme-challenge')) found.add(block.server);
    }
  return found;
}
