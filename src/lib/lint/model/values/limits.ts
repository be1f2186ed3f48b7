import { Context } from '../../../nginx/directives/contexts.ts';
import { isInOrder, leaves } from '../requests/answers.ts';
import { placeOf } from '../requests/locations.ts';
import { conditionOf, type Match, matchesIn, patternOf } from './matches.ts';
import type { Block, Item } from '../model.ts';
import { automatonOf, matches } from '../../regex/automaton.ts';
import { ALL_CHARACTERS, type Characters, charactersIn, others } from '../../regex/characters.ts';
import {
  charactersOf,
  groupsNamed,
  isAnchoredAtEnd,
  isAnchoredAtStart,
  longestOf,
  startsText,
} from '../../regex/questions.ts';

/** What is known of a value. */
export interface Limit {
  /** It has no others. */
  readonly characters: Characters;
  /** Whether it may be a text. */
  readonly allows: (text: string) => boolean;
}

/** It is one of a few texts. */
export function oneOf(...texts: readonly string[]): Limit {
  return { characters: charactersIn(texts.join('')), allows: (text) => texts.includes(text) };
}

/** It was matched by a regular expression. */
export function matched(match: Match): Limit {
  const pattern = patternOf(match);
  const whole = isAnchoredAtStart(pattern) && isAnchoredAtEnd(pattern);
  const automaton = lazy(() => automatonOf(pattern.root));
  return {
    characters: whole ? charactersOf(pattern.root, pattern) : ALL_CHARACTERS,
    // where the expression looks around, its author has thought of more than is seen here
    allows(text) {
      const made = automaton();
      return made !== undefined && matches(made, text);
    },
  };
}

/** A regular expression did not match it. */
function unmatched(match: Match): Limit {
  const pattern = patternOf(match);
  const automaton = lazy(() => automatonOf(pattern.root));
  return {
    characters: pattern.root.kind === 'set' ? others(pattern.root.characters) : ALL_CHARACTERS,
    allows(text) {
      const made = automaton();
      return made === undefined || !matches(made, text);
    },
  };
}

/** What a group of a regular expression took. */
export interface Captured extends Limit {
  /** How many characters it has at most. */
  readonly longest: number;
  /** Whether it is the start of the text. */
  readonly first: boolean;
}

/** It is what a group of a regular expression took; undefined where there is no such group. */
export function captured(match: Match, group: number | string): Captured | undefined {
  const pattern = patternOf(match);
  const groups = groupsNamed(pattern, group);
  if (groups.length === 0) return undefined;
  const automata = lazy(() => groups.map(({ inner }) => automatonOf(inner)));
  let characters = 0n;
  for (const one of groups) characters |= charactersOf(one, pattern);
  return {
    characters,
    first: startsText(pattern, group),
    longest: Math.max(...groups.map(longestOf)),
    allows: (text) => automata().some((automaton) => !automaton || matches(automaton, text, true)),
  };
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Only so many conditions on one variable and blocks in blocks are looked at. */
const MOST = 16;

/** What is known of a variable at a place from the blocks around it, and from conditions in front of it. */
export function limitsAt(name: string, at: Item): Limit[] {
  const limits: Limit[] = [];
  let item = at;
  let rewrites = true;
  for (
    let block: Block | undefined = at.block, steps = 0;
    block && steps < MOST;
    block = block.parent, steps++
  ) {
    if (rewrites || block.context === Context.server) {
      const bound = block === at.block && isInOrder(item) ? item.index : Infinity;
      for (const { index, limit } of refusals(block).get(name)?.slice(0, MOST) ?? [])
        if (index < bound) limits.push(limit);
    }
    const outer: Item | undefined = block.item;
    if (!outer) break;
    if (outer.directive.name === 'if') limits.push(...limitsOfCondition(outer, name, true));
    else if (outer.directive.name === 'location') {
      rewrites = false;
      if (isPath(name)) limits.push(...limitsOfLocation(outer, block));
    }
    item = outer;
  }
  return limits;
}

function isPath(name: string): boolean {
  return name === 'uri' || name === 'document_uri';
}

interface Refusal {
  readonly index: number;
  readonly limit: Limit;
}

const known = new WeakMap<Block, ReadonlyMap<string, Refusal[]>>();

/** What is known of variables behind the conditions of a block that send other requests away. */
function refusals(block: Block): ReadonlyMap<string, Refusal[]> {
  const before = known.get(block);
  if (before) return before;
  const made = new Map<string, Refusal[]>();
  for (const item of block.own('if')) {
    const name = variableOf(conditionOf(item).subject);
    if (name === undefined || !leaves(item)) continue;
    const some = limitsOfCondition(item, name, false).map((limit) => ({ index: item.index, limit }));
    const others = made.get(name);
    if (others) others.push(...some);
    else made.set(name, some);
  }
  known.set(block, made);
  return made;
}

/** The variable that a text is, in small letters; undefined where there is more to it. */
export function variableOf(text: string): string | undefined {
  const [, braced, plain] = /^\$(?:\{(\w+)\}|(\w+))$/u.exec(text) ?? [];
  return (braced ?? plain)?.toLowerCase();
}

/** What is known of a variable where a condition holds, or where it does not. */
function limitsOfCondition(item: Item, name: string, holds: boolean): Limit[] {
  const { subject, operator, value } = conditionOf(item);
  if (variableOf(subject) !== name) return [];
  const positive = operator.startsWith('!') !== holds;
  if (operator.endsWith('=')) {
    if (positive) return [oneOf(value)];
    return [{ characters: ALL_CHARACTERS, allows: (text) => text !== value }];
  }
  return matchesIn(item).map((match) => (positive ? matched(match) : unmatched(match)));
}

/** What a location says of the path, as long as nothing in it makes another one of it. */
function limitsOfLocation(item: Item, block: Block): Limit[] {
  const place = placeOf(item);
  if (!place || place.kind === 'named' || changesPath(block)) return [];
  if (place.kind === 'regex') return matchesIn(item).map(matched);
  if (place.kind === 'exact') return [oneOf(place.name)];
  return [{ characters: ALL_CHARACTERS, allows: (text) => text.startsWith(place.name) }];
}

const changing = new WeakMap<Block, boolean>();

function changesPath(block: Block): boolean {
  let changes = changing.get(block);
  if (changes === undefined) {
    const rewrites = [block, ...block.own('if').flatMap(({ inner }) => inner ?? [])].flatMap((one) =>
      one.own('rewrite'),
    );
    changes = rewrites.some(
      ({ directive }) => directive.words[3] === undefined || directive.words[3].value === 'break',
    );
    changing.set(block, changes);
  }
  return changes;
}
