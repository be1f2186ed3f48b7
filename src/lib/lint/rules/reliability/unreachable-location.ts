import { Context } from '../../../nginx/directives/contexts.ts';
import { type Place, type Places, placeOf, placesIn } from '../../model/requests/locations.ts';
import type { Block, Item, Model } from '../../model/model.ts';
import { covers, matchesAll, type Outline, readOutline, wordsOf } from '../../regex/outline.ts';
import type { Rule, RuleContext } from '../../engine/rule.ts';

export const unreachableLocation: Rule = {
  id: 'reliability/unreachable-location',
  severity: 'warning',
  summary: 'a location that no request gets to',
  aliases: ['nginx-lint:unreachable-location'],
  since: '0.1.0',
  check(context) {
    const { model } = context;
    const paths = {
      bare: rewritesToBare(model),
      doubled: model.named('merge_slashes').some(({ directive }) => directive.words[1]?.value === 'off'),
    };
    for (const block of model.blocks) {
      if (block.context !== Context.server && block.context !== Context.location) continue;
      if (block.own('location').length === 0) continue;
      const places = placesIn(block);
      for (const place of [...places.exact.values(), ...places.prefix.values()]) {
        const reason = oddName(place.name, paths);
        if (reason) tell(context, place, reason);
      }
      regularExpressions(context, block, places, paths);
      if (block.context === Context.server) answered(context, block, places);
    }
  },
};

/** What paths may look like here, beside those that clients send. */
interface Paths {
  /** Without a slash in front. */
  readonly bare: boolean;
  /** With slashes that follow each other. */
  readonly doubled: boolean;
}

interface Reason {
  /** Who does not get there: no request at all, when left out. */
  readonly who?: string;
  readonly why: string;
  readonly by?: Item;
}

function tell({ report }: RuleContext, { item, name }: Place, { who = 'no request', why, by }: Reason): void {
  report(item, `${who} gets to location ${name}: ${why}`, {
    word: item.directive.words.at(-1),
    ...(by ? { related: { message: 'the other location', item: by } } : {}),
  });
}

/** The words of a location behind its name. */
function shown({ directive }: Item): string {
  return directive.words
    .slice(1)
    .map(({ value }) => value)
    .join(' ');
}

/** Whether a rewrite may make paths that do not start with a slash. */
function rewritesToBare(model: Model): boolean {
  return model
    .named('rewrite')
    .some(({ directive }) => !/^(?:\/|https?:\/\/|\$scheme)/u.test(directive.words[2]?.value ?? ''));
}

/** Why no path is like the name of a location, by its characters alone. */
function oddName(name: string, { bare, doubled }: Paths): Reason | undefined {
  if (name === '') return undefined;
  if (!name.startsWith('/') && !bare) return { why: /^\^|\\|\.[*+]/u.test(name) ? NO_REGEX : SLASH };
  const why = unusual(name);
  if (why !== undefined) return { who: 'no usual request', why };
  return name.includes('//') && !doubled
    ? { why: 'slashes that follow each other are merged into one' }
    : undefined;
}

/** Why clients do not ask for a path, though one that encodes it on purpose, as `%3F`, gets there. */
function unusual(name: string): string | undefined {
  if (/^\^|\\[.d]|\.[*+]/u.test(name)) return NO_REGEX;
  if (!name.startsWith('/')) return undefined;
  if (name.includes('?')) return ARGUMENTS;
  if (name.includes('#')) return 'browsers keep to themselves what stands behind a #';
  if (/%[0-9a-f]{2}/iu.test(name))
    return 'paths are decoded before they are compared: write the character itself, in quotes';
  return name.endsWith('*') ? 'the star is a plain character, and a prefix needs none' : undefined;
}

const NO_REGEX = 'without ~ this is no regular expression, but the text itself';

const SLASH = 'paths start with a slash';
const ARGUMENTS = 'what stands behind a ? is not part of the path';

/** So many regular expressions in front of one are compared with it. */
const MOST_COMPARED = 50;

function regularExpressions(context: RuleContext, block: Block, places: Places, paths: Paths): void {
  const before: { readonly item: Item; readonly outline: Outline }[] = [];
  const texts = new Map<string, Item>();
  const outer = block.item && block.context === Context.location ? placeOf(block.item) : undefined;
  for (const place of places.regex) {
    const { item, name, outline, insensitive } = place;
    // one that ignores case takes what one of the same text would get that does not
    const same = texts.get(`~*${name}`) ?? (insensitive ? undefined : texts.get(`~${name}`));
    const first = same ?? (outline && before.find((one) => covers(one.outline, outline))?.item);
    const reason: Reason | undefined = first
      ? { why: `${shown(first)} in front of it takes them all`, by: first }
      : outline && (startProblem(outline, outer, paths) ?? underFinal(outline, places));
    if (reason) tell(context, place, reason);
    const text = `${insensitive ? '~*' : '~'}${name}`;
    if (!texts.has(text)) texts.set(text, item);
    if (outline && before.length < MOST_COMPARED && wordsOf(outline)) before.push({ item, outline });
  }
}

/** Paths with arguments, and those that start otherwise than with a slash, or than the location around. */
function startProblem(
  { start, end, runs, insensitive }: Outline,
  outer: Place | undefined,
  { bare }: Paths,
): Reason | undefined {
  if (runs.some((run) => run?.every((word) => /\?\w+=/u.test(word))))
    return { who: 'no usual request', why: ARGUMENTS };
  const words = start ? runs[0] : undefined;
  if (!words) return undefined;
  if (words.every((word) => word !== '' && !word.startsWith('/'))) return bare ? undefined : { why: SLASH };
  if (outer?.kind !== 'prefix') return undefined;
  const exact = end && runs.length === 1;
  const name = insensitive ? outer.name.toLowerCase() : outer.name;
  if (words.some((word) => word.startsWith(name) || (!exact && name.startsWith(word)))) return undefined;
  return { why: `all paths here start with ${outer.name}, as the location around it does`, by: outer.item };
}

/** So many prefixes are compared with a regular expression. */
const MOST_PREFIXES = 1000;

/** Prefixes with `^~` keep what they take from regular expressions, unless a longer prefix without it takes it first. */
function underFinal({ start, runs, insensitive }: Outline, { prefix }: Places): Reason | undefined {
  const words = start && !insensitive ? runs[0] : undefined;
  if (!words || prefix.size > MOST_PREFIXES) return undefined;
  let by: Item | undefined;
  for (const word of words) {
    const final = finalOver(word, prefix);
    if (!final) return undefined;
    by = final.item;
    for (const { name, final: other } of prefix.values())
      if (!other && name.length > final.name.length && name.startsWith(final.name)) return undefined;
  }
  return (
    by && {
      why: `${shown(by)} keeps them from regular expressions`,
      by,
    }
  );
}

function finalOver(word: string, prefix: Places['prefix']): Place | undefined {
  for (let length = word.length; length > 0; length--) {
    const place = prefix.get(word.slice(0, length));
    if (place) return place.final ? place : undefined;
  }
  return undefined;
}

/** A server that answers by itself does so before NGINX looks for a location, for error pages, too. */
function answered({ report }: RuleContext, server: Block, { exact, prefix, regex }: Places): void {
  const [first] = [...exact.values(), ...prefix.values(), ...regex];
  const answer = first && answerOf(server);
  if (!answer) return;
  report(answer, 'this answers all requests of the server before a location is looked for', {
    hint: 'put it into a location /, or remove the locations',
    related: { message: 'a location that no request gets to', item: first.item },
  });
}

function answerOf(server: Block): Item | undefined {
  for (const item of server.items) {
    const { name, words } = item.directive;
    if (name === 'return') return item;
    if (name === 'break' || name.startsWith('server_rewrite_by_lua')) return undefined;
    if (name === 'if' && item.inner?.items.some((inner) => leaves(inner))) return undefined;
    if (name !== 'rewrite') continue;
    const outline = readOutline(words[1]?.value ?? '', false);
    if (words[3] && /^(?:redirect|permanent)$/u.test(words[3].value) && outline && matchesAll(outline))
      return item;
    if (leaves(item)) return undefined;
  }
  return undefined;
}

/** Whether a directive ends what NGINX does in the server, and lets it go on to the locations. */
function leaves({ directive: { name, words } }: Item): boolean {
  return name === 'break' || (name === 'rewrite' && /^(?:last|break)$/u.test(words[3]?.value ?? ''));
}
