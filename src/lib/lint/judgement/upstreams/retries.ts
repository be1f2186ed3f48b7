import type { Item, Model } from '../../model/model.ts';

/** Families of directives that pass requests on and try another server where one fails. */
const FAMILIES = ['proxy', 'fastcgi', 'grpc', 'uwsgi', 'scgi', 'memcached'];

/** Every directive that says when another server is tried, such as `proxy_next_upstream`. */
export function nextUpstreams(model: Model): Item[] {
  return FAMILIES.flatMap((family) => model.named(`${family}_next_upstream`));
}

/** `proxy` of `proxy_pass`, `proxy_next_upstream` and the like. */
export function familyOf({ directive: { name } }: Item): string {
  return name.slice(0, name.indexOf('_'));
}

/** What holds where a directive such as `proxy_pass` stands: its `proxy_connect_timeout` for `connect_timeout`. */
export function settingOf(model: Model, pass: Item, name: string): Item | undefined {
  const full = `${familyOf(pass)}_${name}`;
  return model.named(full).length === 0 ? undefined : pass.block.effective(full)[0];
}

/** How many servers a request visits at most; 0 where nothing bounds it. */
export function triesOf(model: Model, pass: Item): number {
  return Number(settingOf(model, pass, 'next_upstream_tries')?.directive.words[1]?.value ?? 0) || 0;
}
