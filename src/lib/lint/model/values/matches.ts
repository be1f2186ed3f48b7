import { Context } from '../../../nginx/directives/contexts.ts';
import type { Word } from '../../../nginx/syntax/tree.ts';
import { isInOrder, leaves } from '../requests/answers.ts';
import { placeOf } from '../requests/locations.ts';
import type { Block, Item } from '../model.ts';
import { readPattern } from '../../regex/read.ts';
import type { Pattern } from '../../regex/tree.ts';

/** A regular expression with the text it is matched against. */
export interface Match {
  readonly pattern: string;
  readonly caseless: boolean;
  /** Whether the directive wants that it does not match. */
  readonly negative: boolean;
  /** What it is matched against, as a text with variables. */
  readonly subject: string;
  /** Where that text stands. */
  readonly at: Item;
  /** Where the expression stands. */
  readonly word: Word;
}

const trees = new WeakMap<Match, Pattern>();

/** The tree of a regular expression. */
export function patternOf(match: Match): Pattern {
  let tree = trees.get(match);
  if (!tree) trees.set(match, (tree = readPattern(match.pattern, match.caseless)));
  return tree;
}

const found = new WeakMap<Item, readonly Match[]>();

/** The regular expressions of a directive whose groups can be used; the lines of tables have `rowMatch`. */
export function matchesIn(item: Item): readonly Match[] {
  let matches = found.get(item);
  if (!matches) found.set(item, (matches = readMatches(item)));
  return matches;
}

const NONE: readonly Match[] = [];

function readMatches(at: Item): readonly Match[] {
  const { name, words } = at.directive;
  switch (name) {
    case 'location': {
      const place = placeOf(at);
      if (place?.kind !== 'regex') return NONE;
      const { word, name: pattern, insensitive: caseless } = place;
      return [{ pattern, caseless, negative: false, subject: '$uri', at, word }];
    }
    case 'server_name':
      return words
        .slice(1)
        .filter(({ value }) => value.startsWith('~'))
        .map((word) => ({
          pattern: word.value.slice(1),
          caseless: true,
          negative: false,
          subject: '$host',
          at,
          word,
        }));
    case 'rewrite': {
      const [, word] = words;
      return word
        ? [{ pattern: word.value, caseless: false, negative: false, subject: '$uri', at, word }]
        : NONE;
    }
    case 'if': {
      const { subject, operator, value, word } = conditionOf(at);
      if (!word || !operator.includes('~')) return NONE;
      return [
        {
          pattern: value,
          caseless: operator.endsWith('*'),
          negative: operator.startsWith('!'),
          subject,
          at,
          word,
        },
      ];
    }
    default:
      return NONE;
  }
}

/** A line of a `map` whose key is a regular expression. */
export function rowMatch(key: Word, subject: string, at: Item): Match | undefined {
  const [, sign, pattern] = /^(~\*?)(.*)$/su.exec(key.value) ?? [];
  if (pattern === undefined) return undefined;
  return { pattern, caseless: sign === '~*', negative: false, subject, at, word: key };
}

interface Condition {
  readonly subject: string;
  /** `=`, `!=`, `~`, `!~*` and so on; empty where only the subject stands there. */
  readonly operator: string;
  readonly value: string;
  /** The word of the value. */
  readonly word: Word | undefined;
}

/** `($http_host ~ "…")`, whose brackets may be words of their own. */
export function conditionOf({ directive }: Item): Condition {
  const words = directive.words.slice(1);
  const parts = words.flatMap((word, index) => {
    const opened = index === 0 ? word.value.replace(/^\(/u, '') : word.value;
    const text = index === words.length - 1 ? opened.replace(/\)$/u, '') : opened;
    return text === '' && (index === 0 || index === words.length - 1) ? [] : [{ text, word }];
  });
  const [subject, operator, value] = parts;
  if (!/^(?:!?~\*?|!?=)$/u.test(operator?.text ?? ''))
    return { subject: subject?.text ?? '', operator: '', value: '', word: undefined };
  return { subject: subject!.text, operator: operator!.text, value: value?.text ?? '', word: value?.word };
}

/** The regular expressions whose groups `$1` may mean at a place, the last one first. */
export function matchesBefore(at: Item): readonly Match[] {
  if (at.directive.name === 'rewrite') return matchesIn(at);
  const before: Match[] = [];
  let item: Item | undefined = at;
  let rewrites = true;
  for (
    let block: Block | undefined = at.block, steps = 0;
    block && steps < MOST;
    block = block.parent, steps++
  ) {
    if (rewrites || block.context === Context.server) before.push(...lastBefore(block, item));
    const outer: Item | undefined = block.item;
    const sure = outer ? matchesIn(outer).filter(({ negative }) => !negative) : NONE;
    if (sure.length > 0) return [...before, ...sure];
    if (block.context === Context.server)
      return [...before, ...block.own('server_name').slice(0, MOST).flatMap(matchesIn).slice(0, MOST)];
    // of locations in locations, only the innermost one has its rewrites looked at
    if (outer?.directive.name === 'location') rewrites = false;
    item = outer;
  }
  return before;
}

const MOST = 32;

/** How many regular expressions in front of a place are looked at. */
const NEAREST = 4;

/** The last regular expressions of a block that may have matched before a place in it is come to, the last one first. */
function lastBefore(block: Block, item: Item | undefined): Match[] {
  const all = falling(block);
  let count = all.length;
  if (item && item.block === block && isInOrder(item)) {
    // the number of those in front of the item, found by halves as there may be many
    let low = 0;
    while (low < count) {
      const middle = (low + count) >> 1;
      if (all[middle]!.at.index < item.index) low = middle + 1;
      else count = middle;
    }
  }
  return all.slice(Math.max(0, count - NEAREST), count).toReversed();
}

const fallings = new WeakMap<Block, readonly Match[]>();

/** Regular expressions of a block behind which NGINX goes on in it when they have matched. */
function falling(block: Block): readonly Match[] {
  let matches = fallings.get(block);
  if (!matches) {
    const items = [...block.own('rewrite'), ...block.own('if')].toSorted((a, b) => a.index - b.index);
    fallings.set(
      block,
      (matches = items
        .filter((item) => !leaves(item))
        .flatMap(matchesIn)
        .filter(captures)),
    );
  }
  return matches;
}

function captures({ pattern, negative }: Match): boolean {
  return !negative && pattern.includes('(');
}
