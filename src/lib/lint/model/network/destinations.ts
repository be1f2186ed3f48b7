import { type ReadAddress, readAddress } from './addresses.ts';
import type { Block, Item, Model } from '../model.ts';
import { scopedName } from '../scoped-name.ts';
import { authorityOf, PASSES, type Upstream } from './upstreams.ts';

/** One place a directive such as `proxy_pass` leads to. */
export interface Destination {
  /** What stands in front of `://`, in lower case; empty where nothing does. */
  readonly scheme: string;
  /** `host:port` as NGINX has it when all variables have their values. */
  readonly authority: string;
  /** The address; undefined where it is an upstream, or cannot be read. */
  readonly address: ReadAddress | undefined;
  readonly upstream: Upstream | undefined;
}

/** Where a directive such as `proxy_pass` leads. */
export interface Route {
  readonly pass: Item;
  /** What the configuration itself says. */
  readonly destinations: readonly Destination[];
  /** Addresses with variables in the host that only a request tells. */
  readonly open: readonly string[];
  /** Whether variables stand in the directive, so that NGINX looks the host up for each request. */
  readonly variable: boolean;
}

/** More values of a variable than these are not looked at one by one. */
const MANY = 64;
/** Nobody nests blocks deeper than this in earnest. */
const DEEP = 64;
const VARIABLE = /\$(?:\{(\w+)\}|(\w+))/u;

/** Every directive such as `proxy_pass` with where it leads. */
export function routesOf(model: Model): Route[] {
  const values = new Values(model);
  return PASSES.flatMap((name) => model.named(name)).flatMap((pass) => {
    const text = pass.directive.words[1]?.value;
    return text === undefined ? [] : [routeOf(model, values, pass, text)];
  });
}

function routeOf(model: Model, values: Values, pass: Item, text: string): Route {
  const destinations: Destination[] = [];
  const open: string[] = [];
  const pending = [{ text, depth: 0 }];
  for (let one = pending.pop(); one; one = pending.pop()) {
    const { scheme, authority } = authorityOf(one.text);
    const match = VARIABLE.exec(authority);
    if (!match) {
      if (authority !== '') destinations.push(destinationOf(model, pass, scheme, authority));
      continue;
    }
    const known = values.of((match[1] ?? match[2]!).toLowerCase(), pass);
    if (!known || one.depth > 8 || known.length + pending.length + destinations.length > MANY) {
      open.push(authority);
      continue;
    }
    const { depth, text: before } = one;
    const at = before.indexOf(match[0]);
    for (const value of known.toReversed())
      pending.push({
        text: before.slice(0, at) + value + before.slice(at + match[0].length),
        depth: depth + 1,
      });
  }
  return { pass, destinations, open, variable: text.includes('$') };
}

function destinationOf(model: Model, pass: Item, scheme: string, authority: string): Destination {
  const upstream = model.upstream(authority, pass.block);
  return { scheme, authority, upstream, address: upstream ? undefined : readAddress(authority) };
}

/** Values that the configuration gives to variables. */
class Values {
  private readonly tables = new Map<string, readonly string[]>();
  private readonly sets = new Map<Block, Map<string, string[]>>();

  constructor(model: Model) {
    const tables = new Map<string, Set<string>>();
    for (const name of ['map', 'geo', 'split_clients'])
      for (const item of model.named(name)) {
        const variable = item.directive.words.at(-1)?.value;
        if (!variable?.startsWith('$')) continue;
        const key = scopedName(variable.slice(1), item.block);
        let table = tables.get(key);
        if (!table) tables.set(key, (table = new Set()));
        for (const { directive } of model.rows(item)) {
          const value = directive.words[1];
          if (value) table.add(value.value);
        }
      }
    for (const [key, table] of tables) this.tables.set(key, [...table]);
  }

  /** Values of a variable at a place, as texts with variables; undefined where they are made elsewhere. */
  of(name: string, at: Item): readonly string[] | undefined {
    const table = this.tables.get(scopedName(name, at.block));
    if (table) return table;
    const found: (readonly string[])[] = [];
    let block: Block | undefined = at.block;
    for (let depth = 0; block && depth < DEEP; depth++, block = block.parent)
      found.push(this.setsIn(block).get(name) ?? []);
    // who nests deeper hides what is set around
    return block || found.every(({ length }) => length === 0) ? undefined : found.flat();
  }

  /** What `set` says in a block, and in the `if` blocks of it. */
  private setsIn(block: Block): Map<string, string[]> {
    const known = this.sets.get(block);
    if (known) return known;
    const made = new Map<string, string[]>();
    this.sets.set(block, made);
    const inIfs = block.own('if').flatMap(({ inner }) => inner?.own('set') ?? []);
    for (const { directive } of [...block.own('set'), ...inIfs]) {
      const [, variable, value] = directive.words;
      if (!variable || !value) continue;
      const name = variable.value.slice(1).toLowerCase();
      const same = made.get(name);
      if (same) same.push(value.value);
      else made.set(name, [value.value]);
    }
    return made;
  }
}
