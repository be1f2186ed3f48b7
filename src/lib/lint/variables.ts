import { Context, scopeOf } from '../nginx/directives/contexts.ts';
import type { Word } from '../nginx/syntax/tree.ts';
import type { Block, Item, Model } from './model.ts';
import { builtInOrigin } from './variable-sources.ts';

/** Where (a part of) a value comes from in the end. */
export interface Origin {
  /** The variable that NGINX itself makes, without the dollar sign, in lower case. */
  readonly variable: string;
  /** Whether the client writes into it what it likes. */
  readonly client: boolean;
  /** Whether it can hold a line break: what was decoded can, what stood in a header or a request line cannot. */
  readonly lineBreaks: boolean;
  /** The variables of the configuration on the way, outermost first: `$target` for `set $target $arg_to`. */
  readonly through: readonly string[];
}

/** A regular expression with the text it is matched against. */
interface Match {
  readonly pattern: string;
  /** What it is matched against, as a text with variables. */
  readonly subject: string;
  /** Where that text stands. */
  readonly at: Item;
}

/** One way in which a variable gets its value. */
type Definition =
  | { readonly kind: 'text'; readonly text: string; readonly at: Item; readonly match?: Match }
  | { readonly kind: 'capture'; readonly match: Match };

const NAME = /\$(?:\{(\w+)\}|([1-9])|(\w+))/gu;

/** Names of the variables in a text, in lower case and without `$`; `1` to `9` are captures. */
export function namesIn(text: string): string[] {
  if (!text.includes('$')) return [];
  return [...text.matchAll(NAME)].map(([, braced, capture, plain]) =>
    (braced ?? capture ?? plain ?? '').toLowerCase(),
  );
}

/** Where the variables of a configuration come from. */
export class Variables {
  private readonly definitions = new Map<string, Definition[]>();

  constructor(model: Model) {
    for (const item of model.named('set')) this.addText(item, 1, item.directive.words[2]?.value);
    for (const item of model.named('auth_request_set')) this.addText(item, 1, item.directive.words[2]?.value);
    for (const item of model.named('map')) this.addMap(model, item);
    for (const name of ['geo', 'split_clients'])
      for (const item of model.named(name)) this.addText(item, item.directive.words.length - 1, '');
    for (const match of matchesOf(model)) this.addCaptures(match);
  }

  /** Whether the configuration itself makes a variable. */
  isMade(name: string, at: Item): boolean {
    return this.definitions.has(keyOf(name, at));
  }

  /**
   * Where a text gets its values from at a place of the configuration: one origin for each variable of NGINX that ends
   * up in it. What comes from modules that are not known is taken to be the operator's.
   */
  origins(text: string, at: Item): Origin[] {
    return this.follow(text, at, [], undefined);
  }

  private follow(text: string, at: Item, through: readonly string[], match: Match | undefined): Origin[] {
    return namesIn(text).flatMap((name) => {
      // a variable that is made of itself adds nothing
      if (through.length > 8 || through.includes(`$${name}`)) return [];
      if (/^[1-9]$/u.test(name)) {
        const used = match ?? matchBefore(at);
        return used ? this.captured(used, name, [...through, `$${name}`]) : [];
      }
      const definitions = this.definitions.get(keyOf(name, at));
      if (!definitions) return builtInOrigin(name, through);
      const way = [...through, `$${name}`];
      return definitions.flatMap((definition) =>
        definition.kind === 'text'
          ? this.follow(definition.text, definition.at, way, definition.match)
          : this.captured(definition.match, name, way),
      );
    });
  }

  private captured(match: Match, _group: string, through: readonly string[]): Origin[] {
    return this.follow(match.subject, match.at, through, undefined);
  }

  private addText(item: Item, index: number, text: string | undefined): void {
    const name = item.directive.words[index]?.value;
    if (name?.startsWith('$') && text !== undefined)
      this.add(name.slice(1), item, { kind: 'text', text, at: item });
  }

  private addMap(model: Model, item: Item): void {
    const [, source, variable] = item.directive.words;
    if (!source || !variable?.value.startsWith('$')) return;
    for (const row of model.rows(item)) {
      const [key, value] = row.directive.words;
      if (!key || !value) continue;
      const pattern = key.value.startsWith('~') ? key.value.replace(/^~\*?/u, '') : undefined;
      const match = pattern === undefined ? undefined : { pattern, subject: source.value, at: item };
      this.add(variable.value.slice(1), item, {
        kind: 'text',
        text: value.value,
        at: item,
        ...(match ? { match } : {}),
      });
      if (match) this.addCaptures(match);
    }
  }

  private addCaptures(match: Match): void {
    for (const [, name] of match.pattern.matchAll(/\(\?P?<([A-Za-z_]\w*)>/gu))
      this.add(name!, match.at, { kind: 'capture', match });
  }

  private add(name: string, at: Item, definition: Definition): void {
    const key = keyOf(name, at);
    const known = this.definitions.get(key);
    if (known) known.push(definition);
    else this.definitions.set(key, [definition]);
  }
}

/** Variables of http and of stream are apart. */
function keyOf(name: string, { block }: Item): string {
  return `${scopeOf(block.context) === 'stream' ? 'stream ' : ''}${name.toLowerCase()}`;
}

/** Every regular expression that makes captures, tables aside. */
function matchesOf(model: Model): Match[] {
  return ['location', 'server_name', 'rewrite', 'if'].flatMap((name) =>
    model.named(name).flatMap((item) => matchesIn(item)),
  );
}

/** The regular expressions of a directive, with what they are matched against. */
function matchesIn(at: Item): Match[] {
  const { name, words } = at.directive;
  switch (name) {
    case 'location': {
      const [, first, second] = words;
      const joined = /^(~\*?)(.+)$/u.exec(first?.value ?? '');
      const pattern = second && /^~\*?$/u.test(first!.value) ? second.value : joined?.[2];
      return pattern === undefined ? [] : [{ pattern, subject: '$uri', at }];
    }
    case 'server_name':
      return words
        .slice(1)
        .filter(({ value }) => value.startsWith('~'))
        .map(({ value }) => ({ pattern: value.slice(1), subject: '$host', at }));
    case 'rewrite':
      return words[1] ? [{ pattern: words[1].value, subject: '$uri', at }] : [];
    case 'if':
      return conditionOf(words, at);
    default:
      return [];
  }
}

/** `($http_host ~ "…")`, whose brackets may be words of their own. */
function conditionOf(words: readonly Word[], at: Item): Match[] {
  const text = words.slice(1).map(({ value }) => value);
  const parts = text.flatMap((value, index) => {
    const opened = index === 0 ? value.replace(/^\(/u, '') : value;
    const closed = index === text.length - 1 ? opened.replace(/\)$/u, '') : opened;
    return closed === '' ? [] : [closed];
  });
  const [subject, operator, pattern] = parts;
  return subject !== undefined && pattern !== undefined && /^!?~\*?$/u.test(operator ?? '')
    ? [{ pattern, subject, at }]
    : [];
}

/** Directives that NGINX works through one after the other before it chooses where a request goes. */
const IN_ORDER = new Set(['set', 'rewrite', 'return', 'if']);

/** The regular expression whose groups `$1` means at a place: its own, the one before it, or that of a block around. */
function matchBefore(at: Item): Match | undefined {
  const [own] = at.directive.name === 'rewrite' ? matchesIn(at) : [];
  if (own) return own;
  let item: Item | undefined = at;
  for (let block: Block | undefined = at.block; block; block = block.parent) {
    const before = lastBefore(block, item);
    if (before) return before;
    const outer: Item | undefined = block.item;
    const [match] = outer ? matchesIn(outer) : [];
    if (match) return match;
    if (block.context === Context.server) return block.own('server_name').flatMap((one) => matchesIn(one))[0];
    item = outer;
  }
  return undefined;
}

function lastBefore(block: Block, item: Item | undefined): Match | undefined {
  const ordered = item !== undefined && IN_ORDER.has(item.directive.name);
  const rewrites = block.own('rewrite');
  let count = rewrites.length;
  // the number of those in front of the item, found by halves as there may be many
  for (let low = 0, high = ordered ? count : 0; low < high; count = low) {
    const middle = (low + high) >> 1;
    if (rewrites[middle]!.index < item!.index) low = middle + 1;
    else high = middle;
  }
  const before = rewrites[count - 1];
  return before && matchesIn(before)[0];
}
