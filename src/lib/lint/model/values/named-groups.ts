import { type Match, matchesIn, patternOf } from './matches.ts';
import type { Block, Item, Model } from '../model.ts';
import { scopedName } from '../scoped-name.ts';

/** The regular expressions with a group of one name. */
interface Named {
  /** By the block that each holds for. */
  readonly blocks: Map<Block, Match[]>;
  /** By server. */
  readonly roots: Map<Block, Match[]>;
  readonly tables: Match[];
}

/** Regular expressions by the keys of the variables that their groups make. */
export type NamedGroups = Map<string, Named>;

/** The named groups of a configuration, tables aside. */
export function namedGroupsOf(model: Model): NamedGroups {
  const all: NamedGroups = new Map();
  for (const name of ['location', 'server_name', 'rewrite', 'if'])
    for (const item of model.named(name)) for (const match of matchesIn(item)) addGroups(all, match, item);
  return all;
}

/** Notes the groups of an expression; without a directive it is that of a table, and holds everywhere. */
export function addGroups(all: NamedGroups, match: Match, item?: Item): void {
  if (!match.pattern.includes('(?')) return;
  for (const name of patternOf(match).names.keys()) {
    const key = scopedName(name, match.at.block);
    let named = all.get(key);
    if (!named) all.set(key, (named = { blocks: new Map(), roots: new Map(), tables: [] }));
    if (!item) named.tables.push(match);
    else {
      add(named.blocks, item.inner ?? item.block, match);
      add(named.roots, item.block.root, match);
    }
  }
}

function add(lists: Map<Block, Match[]>, block: Block, match: Match): void {
  const list = lists.get(block);
  if (list) list.push(match);
  else lists.set(block, [match]);
}

/** So many expressions with one name, and blocks around a place, are looked at. */
const MOST = 16;

/** Expressions with a group: those of the blocks around a place, else those of its server, and those of tables. */
export function groupsNear({ blocks, roots, tables }: Named, { block }: Item): Match[] {
  const root = block.root;
  const around: Match[] = [];
  let one: Block | undefined = block;
  for (let steps = 0; one && steps < MOST; steps++, one = one === root ? undefined : one.parent)
    around.push(...(blocks.get(one)?.slice(0, MOST) ?? []));
  const own = around.length > 0 ? around : (roots.get(root)?.slice(0, MOST) ?? []);
  return [...own, ...tables.slice(0, MOST)];
}

/** Variables are not told apart by the case of their letters, groups of expressions are. */
export function groupName(match: Match, name: string): string {
  return [...patternOf(match).names.keys()].find((one) => one.toLowerCase() === name) ?? name;
}
