import { isInOrder, leaves } from '../requests/answers.ts';
import type { Block, Item, Model } from '../model.ts';
import { scopedName } from '../scoped-name.ts';

/** A `set`, and what must be known of its place to tell where it holds. */
export interface Assignment {
  readonly text: string;
  readonly at: Item;
  /** The place of it, or of the `if` that it stands in, in the block that is no `if`. */
  readonly index: number;
  readonly conditional: boolean;
}

/** The assignments to one variable. */
interface Assigned {
  /** By the block that each stands in, an `if` aside. */
  readonly owners: Map<Block, Assignment[]>;
  /** By server. */
  readonly roots: Map<Block, Assignment[]>;
}

/** Assignments by the keys of their variables. */
export type Assignments = ReadonlyMap<string, Assigned>;

/** Every `set` of a configuration. */
export function assignmentsOf(model: Model): Assignments {
  const all = new Map<string, Assigned>();
  for (const at of model.named('set')) {
    const [, name, value] = at.directive.words;
    if (!name?.value.startsWith('$') || !value) continue;
    const { owner, index, inIf } = placeOf(at);
    const one = { text: value.value, at, index, conditional: inIf };
    const key = scopedName(name.value.slice(1), at.block);
    let known = all.get(key);
    if (!known) all.set(key, (known = { owners: new Map(), roots: new Map() }));
    add(known.owners, owner, one);
    add(known.roots, at.block.root, one);
  }
  return all;
}

function add(lists: Map<Block, Assignment[]>, block: Block, one: Assignment): void {
  const list = lists.get(block);
  if (list) list.push(one);
  else lists.set(block, [one]);
}

/** The block that a directive stands in, or that the `if` around it stands in, and where in it. */
function placeOf(at: Item): { readonly owner: Block; readonly index: number; readonly inIf: boolean } {
  const { block, index } = at;
  const inIf = block.directive?.name === 'if' && block.parent !== undefined;
  return inIf ? { owner: block.parent, index: block.item!.index, inIf } : { owner: block, index, inIf };
}

/** So many assignments to one variable are looked at. */
const MOST = 32;

/** The assignments whose value a variable may have at a place, from the last one back to the first that is sure. */
export function reaching({ owners, roots }: Assigned, at: Item): Assignment[] {
  const found: Assignment[] = [];
  const { owner, index } = placeOf(at);
  const root = at.block.root;
  const ordered = isInOrder(at);
  for (const block of owner === root ? [owner] : [owner, root]) {
    const all = owners.get(block) ?? [];
    let count = all.length;
    if (ordered && block === owner) {
      // the number of those in front of the place, found by halves as there may be many
      let low = 0;
      while (low < count) {
        const middle = (low + count) >> 1;
        const one = all[middle]!;
        const before = one.index < index || (one.at.block === at.block && one.at.index < at.index);
        if (before) low = middle + 1;
        else count = middle;
      }
    }
    for (const one of all.slice(Math.max(0, count - MOST), count).toReversed()) {
      found.push(one);
      if (!one.conditional || one.at.block === at.block) return found;
    }
  }
  // a request may have been in other locations of the server before
  const others = roots.get(root)?.slice(-MOST) ?? [];
  return [...found, ...others.filter((one) => !found.includes(one) && placeOf(one.at).owner !== owner)];
}

/** Whether a `set` escapes the groups of regular expressions: it does, until a rewrite in front of it has matched. */
export function escapesGroups({ at, index }: Assignment): boolean {
  const { owner } = placeOf(at);
  const first = firstRewrite(owner);
  return first > index && (owner === at.block || firstRewrite(at.block) > at.index);
}

const first = new WeakMap<Block, number>();

function firstRewrite(block: Block): number {
  let index = first.get(block);
  if (index === undefined)
    first.set(block, (index = block.own('rewrite').find((item) => !leaves(item))?.index ?? Infinity));
  return index;
}
