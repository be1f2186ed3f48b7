import type { Word } from '../../../nginx/syntax/tree.ts';
import type { Block, Item } from '../model.ts';
import { type Outline, readOutline } from '../../regex/outline.ts';

/** So many locations inside each other are followed by rules that ask for many paths. */
export const DEEPEST = 20;

/** What a location matches by. */
export interface Place {
  readonly item: Item;
  readonly kind: 'exact' | 'prefix' | 'regex' | 'named';
  /** The path, the regular expression, or the name with its `@`. */
  readonly name: string;
  /** The word that it stands in; the modifier may be glued to it. */
  readonly word: Word;
  /** `~*` */
  readonly insensitive: boolean;
  /** `^~` */
  readonly final: boolean;
}

const read = new WeakMap<Item, Place | undefined>();

/** What a location matches by; undefined for other directives, and where NGINX would not take it. */
export function placeOf(item: Item): Place | undefined {
  const before = read.get(item);
  if (before || read.has(item)) return before;
  const place = readPlace(item);
  read.set(item, place);
  return place;
}

function readPlace(item: Item): Place | undefined {
  const [, first, second, more] = item.directive.words;
  if (!first || more || item.directive.name !== 'location') return undefined;
  const [, modifier = '', joined = ''] = /^(=|\^~|~\*?)?([^]*)$/u.exec(first.value)!;
  if (second && joined !== '') return undefined;
  const name = second?.value ?? joined;
  const at = (kind: Place['kind']): Place => ({
    item,
    kind,
    name,
    word: second ?? first,
    insensitive: modifier === '~*',
    final: modifier === '^~',
  });
  if (modifier === '=') return at('exact');
  if (modifier.startsWith('~')) return at('regex');
  return at(modifier === '' && name.startsWith('@') ? 'named' : 'prefix');
}

/** Whether it is `location /`, which takes what no other location of its block does. */
export function isRoot(item: Item): boolean {
  const place = placeOf(item);
  return place?.kind === 'prefix' && place.name === '/';
}

/** The locations of a block, by what they match by. */
export interface Places {
  readonly exact: ReadonlyMap<string, Place>;
  readonly prefix: ReadonlyMap<string, Place>;
  readonly named: ReadonlyMap<string, Place>;
  /** In their order. */
  readonly regex: readonly (Place & { readonly outline: Outline | undefined })[];
}

const known = new WeakMap<Block, Places>();

/** The locations that stand in a block itself. */
export function placesIn(block: Block): Places {
  let places = known.get(block);
  if (places) return places;
  const maps = {
    exact: new Map<string, Place>(),
    prefix: new Map<string, Place>(),
    named: new Map<string, Place>(),
  };
  const regex: (Place & { readonly outline: Outline | undefined })[] = [];
  for (const item of block.own('location')) {
    const place = placeOf(item);
    if (place?.kind === 'regex')
      regex.push({ ...place, outline: readOutline(place.name, place.insensitive) });
    else if (place) maps[place.kind].set(place.name, place);
  }
  known.set(block, (places = { ...maps, regex }));
  return places;
}
