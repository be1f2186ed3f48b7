import { Context, scopeOf } from '../../../nginx/directives/contexts.ts';
import type { Item, Model } from '../../model.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { PASSES } from '../../upstreams.ts';
import { namesIn } from '../../variables.ts';

/** What a table gives, where it has no value for the rest. */
interface Table {
  readonly item: Item;
  readonly values: ReadonlySet<string>;
}

export const mapWithoutDefault: Rule = {
  id: 'reliability/map-without-default',
  severity: 'warning',
  summary: 'a map or geo without a default, used where an empty value does harm',
  aliases: ['gixy:hash_without_default', 'nginx-lint:map-missing-default'],
  since: '0.1.0',
  check(context) {
    const tables = openTables(context.model);
    if (tables.size === 0) return;
    const told = new Set<Table>();
    for (const { name, use, harm } of uses(context)) {
      const table = tables.get(name);
      if (!table || told.has(table) || (use.directive.name === 'if' && !isNeverTrue(use, table))) continue;
      told.add(table);
      const { words } = table.item.directive;
      report(
        context,
        table.item,
        `$${name} is empty for what is not in this ${words[0]!.value}: ${harm}`,
        use,
      );
    }
  },
};

function report(context: RuleContext, item: Item, message: string, use: Item): void {
  context.report(item, message, {
    word: item.directive.words.at(-1),
    hint: 'add a line with default',
    related: { message: 'where it is used', item: use },
  });
}

/** Sources with few values, which a table may name them all. */
const FEW = /\$\{?(?:scheme|https|server_name|server_port|server_addr|server_protocol)\b/u;

/** Tables of http that have no value for the rest, by their variables; those that are looked into by an `if` aside. */
function openTables(model: Model): Map<string, Table> {
  const found = new Map<string, Table>();
  const settled = new Set(
    model.named('set').map(({ directive }) => directive.words[1]?.value.slice(1).toLowerCase()),
  );
  for (const item of [...model.named('map'), ...model.named('geo')]) {
    const { name, words } = item.directive;
    const variable = words.at(-1)?.value.slice(1).toLowerCase();
    if (words.length < 2 || variable === undefined || scopeOf(item.block.context) !== 'http') continue;
    if (settled.has(variable)) continue;
    settled.add(variable);
    const source = name === 'map' ? (words[1]?.value ?? '') : '';
    if (FEW.test(source) || namesIn(source).some((one) => model.variables.isMade(one, item))) continue;
    if (
      !model.whole &&
      item.directive.block?.statements.some((one) => one.kind === 'directive' && one.name === 'include')
    )
      continue;
    const rows = model.rows(item).map((row) => row.directive.words);
    if (rows.some(([key]) => key && isForTheRest(key.value))) continue;
    found.set(variable, { item, values: new Set(rows.map((row) => row[1]?.value ?? '')) });
  }
  return found;
}

function isForTheRest(key: string): boolean {
  return (
    key === 'default' ||
    key === '0.0.0.0/0' ||
    (key.startsWith('~') && /^[*^$.+()?]*(?:<\w+>[*^$.+()?]*)?$/u.test(key.slice(1)))
  );
}

interface Use {
  readonly name: string;
  readonly use: Item;
  readonly harm: string;
}

/** Where an empty variable does harm. What stands in an `if` that asks for the variable has been thought of. */
function* uses({ model }: RuleContext): Generator<Use> {
  const asked = new Set(
    model
      .named('if')
      .flatMap(({ directive }) => namesIn(directive.words.map(({ value }) => value).join(' '))),
  );
  const take = function* (
    names: readonly string[],
    index: number,
    pattern: RegExp,
    harm: string,
  ): Generator<Use> {
    for (const directive of names)
      for (const use of model.named(directive)) {
        const text = use.directive.words[index]?.value ?? '';
        const name = pattern.exec(text)?.slice(1).find(Boolean)?.toLowerCase();
        if (name !== undefined && !asked.has(name) && scopeOf(use.block.context) === 'http')
          yield { name, use, harm: harm.replace('…', text.slice(0, Math.max(text.lastIndexOf('$'), 0))) };
      }
  };
  yield* take(
    PASSES,
    1,
    /^(?:\w+:\/\/)?\$(?:\{(\w+)\}|(\w+))(?=$|[/:?])/u,
    'there is no server to pass requests to then',
  );
  yield* take(
    ['root', 'alias'],
    1,
    /^\$(?:\{(\w+)\}|(\w+))(?=$|\/)/u,
    'files are then looked for where none should be served from',
  );
  yield* take(['root'], 1, /^\/.+\$(?:\{(\w+)\}|(\w+))\/?$/u, 'files then come from all of …');
  yield* take(
    ['return', 'rewrite'],
    2,
    /^(?:\w+:\/\/)?\$(?:\{(\w+)\}|(\w+))(?=$|[/:?]|\$(?:request_)?uri)/u,
    'clients are led nowhere then',
  );
  yield* take(['hash'], 1, /^\$(?:\{(\w+)\}|(\w+))$/u, 'all those requests go to one server');
  for (const use of model.named('if'))
    for (const name of namesIn(use.directive.words[1]?.value ?? ''))
      yield { name, use, harm: 'this if never holds' };
}

/** A refusal that hangs on a value the table never gives: `geo` without a default gives no 0. */
function isNeverTrue({ directive, inner, block }: Item, { values }: Table): boolean {
  const [, , operator, value] = directive.words;
  if (operator?.value !== '=' || value === undefined || block.context === Context.other) return false;
  const wanted = value.value.replace(/\)$/u, '');
  if (wanted === '' || wanted.includes('$') || values.has(wanted)) return false;
  return (
    inner?.own('return').some((answer) => /^[45]\d\d$/u.test(answer.directive.words[1]?.value ?? '')) ?? false
  );
}
