import type { Block, Item, Model } from './model.ts';

/** Families of directives that pass requests on and try another server where one fails. */
const FAMILIES = ['proxy', 'fastcgi', 'grpc', 'uwsgi', 'scgi', 'memcached'];

/** Every directive that says when another server is tried, such as `proxy_next_upstream`. */
export function nextUpstreams(model: Model): Item[] {
  return FAMILIES.flatMap((family) => model.named(`${family}_next_upstream`));
}

/** `proxy` of `proxy_pass`, `proxy_next_upstream` and the like. */
export function familyOf({ directive }: Item): string {
  return directive.name.replace(/_.*$/u, '');
}

/** How many servers a request visits at most; 0 where nothing bounds it. */
export function triesOf(item: Item, block: Block): number {
  const [tries] = block.effective(`${familyOf(item)}_next_upstream_tries`);
  return Number(tries?.directive.words[1]?.value ?? 0) || 0;
}
