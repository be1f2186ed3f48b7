import { scopeOf } from '../../../nginx/directives/contexts.ts';
import type { Item, Model } from '../../model/model.ts';
import type { Rule } from '../../engine/rule.ts';
import { PASSES } from '../../model/network/upstreams.ts';
import { namesIn } from '../../model/values/names-in.ts';

export const mapWithoutDefault: Rule = {
  id: 'reliability/map-without-default',
  severity: 'warning',
  summary: 'a map or geo without a default, used where an empty value does harm',
  aliases: ['gixy:hash_without_default', 'nginx-lint:map-missing-default'],
  since: '0.1.0',
  check({ model, report }) {
    const tables = tablesOf(model);
    if (tables.size === 0) return;
    const told = new Set<Item>();
    for (const { name, use, harm } of usesOf(model)) {
      const item = tables.get(name);
      if (!item || told.has(item)) continue;
      const values = openValues(item, model);
      if (!values || (use.directive.name === 'if' && !isNeverTrue(use, values))) continue;
      told.add(item);
      report(item, `$${name} is empty for what is not in this ${item.directive.name}: ${harm}`, {
        word: item.directive.words.at(-1),
        hint: 'add a line with default',
        related: { message: 'where it is used', item: use },
      });
    }
  },
};

/** Tables of http by their variables, but for those that get a value by `set` as well. */
function tablesOf(model: Model): Map<string, Item> {
  const found = new Map<string, Item>();
  for (const item of [...model.named('map'), ...model.named('geo')]) {
    const variable = item.directive.words.at(-1)?.value.slice(1).toLowerCase();
    if (variable !== undefined && scopeOf(item.block.context) === 'http') found.set(variable, item);
  }
  if (found.size > 0)
    for (const { directive } of model.named('set'))
      found.delete(directive.words[1]?.value.slice(1).toLowerCase() ?? '');
  return found;
}

/** Sources with few values, so that a table may name them all. */
const FEW = /\$\{?(?:scheme|https|server_name|server_port|server_addr|server_protocol)\b/u;

/** The values that a table gives; undefined where it has one for the rest, or may have. */
function openValues(item: Item, model: Model): ReadonlySet<string> | undefined {
  const { name, words, block } = item.directive;
  const source = name === 'map' ? (words[1]?.value ?? '') : '';
  if (FEW.test(source) || namesIn(source).some((one) => model.variables.isMade(one, item))) return undefined;
  const rows = model.rows(item).map((row) => row.directive.words);
  if (rows.some(([key]) => key && isForTheRest(key.value))) return undefined;
  // in a part, files that are included may lie elsewhere
  const isOpen = block?.statements.some((one) => one.kind === 'directive' && one.name === 'include');
  return isOpen && !model.whole ? undefined : new Set(rows.map((row) => row[1]?.value ?? ''));
}

/** `default`, all addresses, or a regular expression that fits everything. */
function isForTheRest(key: string): boolean {
  if (key === 'default' || key === '0.0.0.0/0') return true;
  return key.startsWith('~') && /^[*^$.+()?]*(?:<\w+>[*^$.+()?]*)?$/u.test(key.slice(1));
}

interface Use {
  readonly name: string;
  readonly use: Item;
  /** What comes of an empty value. */
  readonly harm: string;
}

/** A variable that is all of a host, or all of the value. */
const HOST = /^(?:\w+:\/\/)?\$(?:\{(\w+)\}|(\w+))(?=$|[/:?])/u;

/** Where an empty variable does harm: directives, which of their words, and how the variable stands in it. */
const HARMFUL: readonly [readonly string[], number, RegExp, string][] = [
  [PASSES, 1, HOST, 'there is no server to pass requests to then'],
  [
    ['root', 'alias'],
    1,
    /^\$(?:\{(\w+)\}|(\w+))(?=$|\/)/u,
    'files are then served from where none should be',
  ],
  [['root'], 1, /^\/.+\$(?:\{(\w+)\}|(\w+))\/?$/u, 'files then come from all of …'],
  [
    ['return', 'rewrite'],
    2,
    /^(?:\w+:\/\/)?\$(?:\{(\w+)\}|(\w+))(?=$|[/:?]|\$(?:request_)?uri)/u,
    'clients are led nowhere then',
  ],
  [['hash'], 1, /^\$(?:\{(\w+)\}|(\w+))$/u, 'all those requests go to one server'],
];

/** What stands in an `if` that asks for the variable, or behind one, has been thought of. */
function* usesOf(model: Model): Generator<Use> {
  const conditions = model.named('if').map((use) => ({
    use,
    names: namesIn(use.directive.words.map(({ value }) => value).join(' ')),
  }));
  const asked = new Set(conditions.flatMap(({ names }) => names));
  for (const [directives, index, pattern, harm] of HARMFUL)
    for (const use of directives.flatMap((name) => model.named(name))) {
      const text = use.directive.words[index]?.value ?? '';
      if (!text.includes('$') || scopeOf(use.block.context) !== 'http') continue;
      const [, braced, plain] = pattern.exec(text) ?? [];
      const name = (braced ?? plain)?.toLowerCase();
      if (name === undefined || asked.has(name)) continue;
      yield { name, use, harm: harm.replace('…', () => text.slice(0, text.lastIndexOf('$'))) };
    }
  for (const { use, names } of conditions)
    for (const name of names) yield { name, use, harm: 'this if never holds' };
}

/** A refusal that hangs on a value the table never gives: `geo` without a default gives no 0. */
function isNeverTrue({ directive, inner }: Item, values: ReadonlySet<string>): boolean {
  const [, , operator, value] = directive.words;
  if (operator?.value !== '=' || value === undefined) return false;
  const wanted = value.value.replace(/\)$/u, '');
  if (wanted === '' || wanted.includes('$') || values.has(wanted)) return false;
  return (
    inner?.own('return').some((answer) => /^[45]\d\d$/u.test(answer.directive.words[1]?.value ?? '')) ?? false
  );
}
