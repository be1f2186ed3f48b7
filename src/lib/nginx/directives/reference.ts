import { own, pages, reference, replaced } from '../data/reference.ts';
import { Context, scopeOf, type Scope } from './contexts.ts';
import type { Shape } from './knowledge.ts';

/** What NGINX's documentation says of a directive. */
export interface Reference {
  /** Address of its paragraph; undefined for directives that are not documented. */
  readonly url: string | undefined;
  /** Values that hold where it is left out, as the documentation gives them. */
  readonly defaults: readonly string[];
}

/**
 * How a block gets what it does not say itself: `value`: from the block around it; `list`: from there, but all or
 * nothing, so that one directive of its own makes it forget the outer ones; `none`: not at all.
 */
export type Inheritance = 'value' | 'list' | 'none';

const pageList = pages.split(' ');
const [replacedNames, ownNames] = [replaced, own].map((list) => new Set(list.split(' ')));

/** The documentation of a directive's shape. */
export function referenceOf({ name, contexts }: Shape): Reference {
  const scope = scopeOf(contexts);
  for (const line of reference.split('\n')) {
    if (!line.startsWith(`${name}\t`)) continue;
    const [, page = '', ...defaults] = line.split('\t');
    const path = pageList[Number.parseInt(page, 36)]!;
    if (scopeOfPage(path) === scope)
      return { url: `https://nginx.org/en/docs/${path}.html#${name}`, defaults };
  }
  return { url: undefined, defaults: [] };
}

function scopeOfPage(path: string): Scope {
  const [folder] = path.split('/');
  return folder === 'http' || folder === 'stream' || folder === 'mail' ? folder : 'main';
}

/** How a directive of this shape reaches the blocks inside. */
export function inheritanceOf({ name, contexts, block }: Shape): Inheritance {
  const nested =
    (contexts & (Context.location | Context.server | Context.streamServer | Context.mailServer)) !== 0;
  if (ownNames!.has(name) || !nested || (block && name !== 'types')) return 'none';
  return replacedNames!.has(name) ? 'list' : 'value';
}
