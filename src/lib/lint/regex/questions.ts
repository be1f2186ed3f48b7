import { ALL_CHARACTERS, type Characters, LINE_FEED, NO_CHARACTERS, onlyOne } from './characters.ts';
import type { Anchor, Group, Node, Pattern } from './tree.ts';

// The depth of a tree is bounded by what PCRE takes, so that walking it by recursion is safe.

/** The characters that a part can match, at most. */
export function charactersOf(node: Node, pattern: Pattern, within: readonly Group[] = []): Characters {
  switch (node.kind) {
    case 'set':
      return node.characters;
    case 'sequence':
      return union(node.items, pattern, within);
    case 'alternatives':
      return union(node.branches, pattern, within);
    case 'group':
      return charactersOf(node.inner, pattern, within);
    case 'repeat':
      return node.greatest === 0 ? NO_CHARACTERS : charactersOf(node.inner, pattern, within);
    case 'reference': {
      const groups = groupsNamed(pattern, node.group);
      // a chain of references is not followed for long, as each may lead to many others
      if (within.length > 2) return ALL_CHARACTERS;
      return union(
        groups.filter((group) => !within.includes(group)),
        pattern,
        [...within, ...groups],
      );
    }
    case 'opaque':
      return ALL_CHARACTERS;
    default:
      return NO_CHARACTERS;
  }
}

function union(nodes: readonly Node[], pattern: Pattern, within: readonly Group[]): Characters {
  let set = NO_CHARACTERS;
  for (const node of nodes) set |= charactersOf(node, pattern, within);
  return set;
}

/** The groups of a number or a name. */
export function groupsNamed(pattern: Pattern, group: number | string): readonly Group[] {
  if (typeof group === 'number') return pattern.groups.get(group) ?? [];
  return (pattern.names.get(group) ?? []).flatMap((number) => pattern.groups.get(number) ?? []);
}

/** The characters that a group can hold; none where there is no such group. */
export function groupCharacters(pattern: Pattern, group: number | string): Characters {
  return union(groupsNamed(pattern, group), pattern, []);
}

/** Whether a part can match without taking a character. */
export function canBeEmpty(node: Node): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'sequence':
      return node.items.every(canBeEmpty);
    case 'alternatives':
      return node.branches.some(canBeEmpty);
    case 'group':
      return canBeEmpty(node.inner);
    case 'repeat':
      return node.least === 0 || canBeEmpty(node.inner);
    default:
      return true;
  }
}

/** How many characters a part takes at most. */
export function longestOf(node: Node): number {
  switch (node.kind) {
    case 'set':
      return 1;
    case 'sequence':
      return node.items.reduce((sum, item) => sum + longestOf(item), 0);
    case 'alternatives':
      return node.branches.reduce((most, branch) => Math.max(most, longestOf(branch)), 0);
    case 'group':
      return longestOf(node.inner);
    case 'repeat': {
      const once = longestOf(node.inner);
      return once === 0 || node.greatest === 0 ? 0 : once * node.greatest;
    }
    case 'reference':
    case 'opaque':
      return Infinity;
    default:
      return 0;
  }
}

/** Whether nothing but an end of the text can stand on that side of a match. */
function anchored(node: Node, wanted: (at: Anchor) => boolean, fromEnd: boolean): boolean {
  switch (node.kind) {
    case 'anchor':
      return wanted(node.at);
    case 'alternatives':
      return node.branches.every((branch) => anchored(branch, wanted, fromEnd));
    case 'group':
      return anchored(node.inner, wanted, fromEnd);
    case 'repeat':
      return node.least > 0 && anchored(node.inner, wanted, fromEnd);
    case 'sequence':
      for (const item of fromEnd ? node.items.toReversed() : node.items) {
        if (anchored(item, wanted, fromEnd)) return true;
        if (!takesNothing(item)) return false;
      }
      return false;
    default:
      return false;
  }
}

/** Whether a part only looks, and never takes a character. */
function takesNothing(node: Node): boolean {
  switch (node.kind) {
    case 'anchor':
    case 'look':
      return true;
    case 'sequence':
      return node.items.every(takesNothing);
    case 'alternatives':
      return node.branches.every(takesNothing);
    case 'group':
      return takesNothing(node.inner);
    default:
      return false;
  }
}

/** Whether a match always starts where the text does. */
export function isAnchoredAtStart({ root }: Pattern): boolean {
  return anchored(root, (at) => at === 'start', false);
}

/** Whether a match always ends where the text does, or one line feed before. */
export function isAnchoredAtEnd({ root }: Pattern): boolean {
  return anchored(root, (at) => at === 'end' || at === 'very-end', true);
}

/** The text that every match begins with, letters that may be of either case in small ones. */
export function literalPrefix({ root }: Pattern): string {
  return literalRun(root, false).text;
}

/** The text that every match ends with, letters that may be of either case in small ones. */
export function literalSuffix({ root }: Pattern): string {
  return literalRun(root, true).text;
}

/** The text at one side of a part, and whether it is all of the part. */
function literalRun(node: Node, fromEnd: boolean): { readonly text: string; readonly all: boolean } {
  switch (node.kind) {
    case 'anchor':
    case 'look':
      return { text: '', all: true };
    case 'set': {
      const char = onlyOne(node.characters);
      return { text: char ?? '', all: char !== undefined };
    }
    case 'group':
      return literalRun(node.inner, fromEnd);
    case 'sequence': {
      const texts: string[] = [];
      let all = true;
      for (const item of fromEnd ? node.items.toReversed() : node.items) {
        const run = literalRun(item, fromEnd);
        texts.push(run.text);
        if (!run.all) {
          all = false;
          break;
        }
      }
      return { text: (fromEnd ? texts.toReversed() : texts).join(''), all };
    }
    default:
      return { text: '', all: false };
  }
}

/** Stands for the start of the text among characters. */
const START: Characters = ALL_CHARACTERS + 1n;

/** Whether a group can only start behind one of some characters. */
export function standsBehind(pattern: Pattern, group: number | string, characters: Characters): boolean {
  const wanted = new Set(groupsNamed(pattern, group));
  let found = NO_CHARACTERS;
  const walk = (node: Node, before: Characters): Characters => {
    switch (node.kind) {
      case 'anchor':
        return node.at === 'start' ? START : before;
      case 'sequence':
        return node.items.reduce((set, item) => walk(item, set), before);
      case 'alternatives':
        return node.branches.reduce((set, branch) => set | walk(branch, before), NO_CHARACTERS);
      case 'group':
        if (wanted.has(node)) found |= before;
        return walk(node.inner, before);
      case 'repeat': {
        const again = node.greatest > 1 ? before | charactersOf(node.inner, pattern) : before;
        const behind = walk(node.inner, again);
        return node.least === 0 ? behind | before : behind;
      }
      case 'look':
        return before;
      default:
        return node.kind === 'set' ? node.characters : START | ALL_CHARACTERS;
    }
  };
  walk(pattern.root, START | ALL_CHARACTERS);
  return (found & ~characters) === 0n;
}

/** Whether what a group takes is always the start of the text. */
export function startsText(pattern: Pattern, group: number | string): boolean {
  const [first] = groupsNamed(pattern, group);
  if (!first || !leads(pattern.root, first)) return false;
  return isAnchoredAtStart(pattern) || takesAnything(first.inner);
}

/** Whether nothing of a part is matched in front of a group. */
function leads(node: Node, group: Group): boolean {
  if (node === group) return true;
  if (node.kind === 'group') return leads(node.inner, group);
  if (node.kind !== 'sequence') return false;
  const first = node.items.find((item) => !takesNothing(item));
  return first !== undefined && leads(first, group);
}

/** `.*` matches at the very start of a text, if it matches at all. */
function takesAnything(node: Node): boolean {
  const first = node.kind === 'sequence' ? node.items[0] : node;
  if (first?.kind === 'group') return takesAnything(first.inner);
  return first?.kind === 'repeat' && first.greatest === Infinity && first.inner.kind === 'set'
    ? (first.inner.characters | LINE_FEED) === ALL_CHARACTERS
    : false;
}
