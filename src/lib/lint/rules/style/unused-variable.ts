import { scopeOf } from '../../../nginx/directives/contexts.ts';
import { isBuiltIn } from '../../../nginx/variables.ts';
import type { Item, Model } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';

/** Directives that make a variable; which word names it, counted from the end where negative. */
const MAKERS: ReadonlyMap<string, number> = new Map([
  ['set', 1],
  ['auth_request_set', 1],
  ['map', 2],
  ['geo', -1],
  ['split_clients', -1],
]);

/** Programs and templates that can ask for any variable. */
const PROGRAMS = /_by_lua|^(?:js|perl|ssi|xslt|njs|pagespeed|modsecurity|passenger)(?:_|$)/u;
/** Variables that modules look for by themselves. */
const LOOKED_FOR = /^(?:memcached_key|naxsi_\w+|limit_rate|no_gzip|brotli\w*|redis\w*)$/u;

export const unusedVariable: Rule = {
  id: 'style/unused-variable',
  severity: 'info',
  summary: 'a variable that is made and never used',
  aliases: [],
  since: '0.1.0',
  check({ model, target, report }) {
    if (!model.whole) return;
    const makers = [...MAKERS.keys()].flatMap((name) => model.named(name));
    if (makers.length === 0) return;
    const used = usedNames(model);
    if (!used) return;
    const told = new Set<string>();
    for (const item of makers) {
      const word = item.directive.words.at(MAKERS.get(item.directive.name)!);
      const name = /^\$(\w+)$/u.exec(word?.value ?? '')?.[1]?.toLowerCase();
      if (!word || name === undefined || LOOKED_FOR.test(name)) continue;
      const scope = scopeOf(item.block.context) === 'stream' ? 'stream' : 'http';
      const key = `${scope} ${name}`;
      if (used.has(key) || told.has(key) || isBuiltIn(name, scope, target.version)) continue;
      told.add(key);
      report(item, `$${name} is never used`, { word, hint: 'a variable that nothing reads can go' });
    }
  },
};

/** Names that are read; undefined where programs may read others. */
function usedNames(model: Model): Set<string> | undefined {
  const used = new Set<string>();
  const known = new Set<string>();
  const add = (item: Item, maker: number | undefined): void => {
    const { words } = item.directive;
    const made = maker === undefined ? -1 : maker < 0 ? words.length + maker : maker;
    for (let index = 0; index < words.length; index++) {
      const { value } = words[index]!;
      if (index === made || !value.includes('$')) continue;
      const scope = scopeOf(item.block.context) === 'stream' ? 'stream' : 'http';
      for (const [, name] of value.matchAll(/\$\{?(\w+)/gu)) used.add(`${scope} ${name!.toLowerCase()}`);
    }
  };
  for (const item of model.items) {
    const { name, code, block } = item.directive;
    if (!known.has(name)) {
      if (code ?? PROGRAMS.test(name)) return undefined;
      known.add(name);
    }
    add(item, MAKERS.get(name));
    if (!block || item.inner) continue;
    for (const row of model.rows(item)) {
      // a block of a module that is not known
      if (row.directive.block) return undefined;
      add(row, undefined);
    }
  }
  return used;
}
