import { ALL_CHARACTERS } from '../../regex/characters.ts';
import type { Item, Model } from '../model.ts';
import { scopedName } from '../scoped-name.ts';
import { type Limit, matched, oneOf, variableOf } from './limits.ts';
import { type Match, rowMatch } from './matches.ts';
import { addGroups, type NamedGroups } from './named-groups.ts';

/** A line of a `map`, or a value that holds everywhere. */
interface Row {
  readonly text: string;
  readonly match: Match | undefined;
  /** What the line says of the variable that the table looks at. */
  readonly limit: { readonly name: string; readonly limit: Limit } | undefined;
  readonly at: Item;
}

// what people write has fewer
const MOST_LINES = 64;
const MOST_CONSTANTS = 4;

/** Lines by the variable that they give a value, under its name in its module. */
export type Rows = ReadonlyMap<string, readonly Row[]>;

interface Tables {
  readonly model: Model;
  readonly rows: Map<string, Row[]>;
  readonly groups: NamedGroups;
}

/**
 * Values that variables have from tables, such as `map`, and from `auth_request_set`.
 * @param groups takes those that are named in keys.
 */
export function rowsOf(model: Model, groups: NamedGroups): Rows {
  const rows = new Map<string, Row[]>();
  const plain = (text: string, at: Item): Row => ({ text, match: undefined, limit: undefined, at });
  for (const item of model.named('auth_request_set')) {
    const [, name, value] = item.directive.words;
    if (value) addRow(rows, name?.value, plain(value.value, item));
  }
  for (const item of model.named('map')) addMap(item, { model, rows, groups });
  for (const name of ['geo', 'split_clients'])
    for (const item of model.named(name)) addRow(rows, item.directive.words.at(-1)?.value, plain('', item));
  return rows;
}

function addMap(item: Item, { model, rows, groups }: Tables): void {
  const [, source, variable] = item.directive.words;
  if (!source || !variable) return;
  const subject = variableOf(source.value);
  let constants = 0;
  const seen = new Set<string>();
  for (const { directive } of model.rows(item)) {
    const [key, value] = directive.words;
    if (!key || !value) continue;
    const match = rowMatch(key, source.value, item);
    const text = value.value;
    if (match) addGroups(groups, match);
    if (!text.includes('$')) {
      if (constants++ < MOST_CONSTANTS)
        addRow(rows, variable.value, { text, match: undefined, limit: undefined, at: item });
      continue;
    }
    const same = `${match ? key.value : ''} ${text}`;
    if (seen.size > MOST_LINES || seen.has(same)) continue;
    seen.add(same);
    const limit = match ? matched(match) : key.value === 'default' ? undefined : keyLimit(key.value);
    addRow(rows, variable.value, {
      text,
      match,
      limit: limit && subject !== undefined ? { name: subject, limit } : undefined,
      at: item,
    });
  }
}

function addRow(rows: Map<string, Row[]>, variable: string | undefined, row: Row): void {
  if (!variable?.startsWith('$')) return;
  const key = scopedName(variable.slice(1), row.at.block);
  const known = rows.get(key);
  if (known) known.push(row);
  else rows.set(key, [row]);
}

/** A line of a table for one text, or with `hostnames` for all names that end or start with one. */
function keyLimit(key: string): Limit {
  const name = key.replace(/^\\/u, '').toLowerCase();
  if (name.startsWith('*.') || name.startsWith('.'))
    return { characters: ALL_CHARACTERS, allows: (text) => `.${text}`.endsWith(name.replace(/^\*/u, '')) };
  if (name.endsWith('.*'))
    return { characters: ALL_CHARACTERS, allows: (text) => text.startsWith(name.slice(0, -1)) };
  return oneOf(name);
}
