import { inside } from '../../nginx/check/inside.ts';
import type { Configuration, SourceFile } from '../../nginx/check/visit.ts';
import { Context } from '../../nginx/directives/contexts.ts';
import type { Loaded } from '../../nginx/include/load.ts';
import type { Directive, Statement } from '../../nginx/syntax/tree.ts';
import { type Route, routesOf } from './network/destinations.ts';
import { scopedName } from './scoped-name.ts';
import { type Upstream, upstreamsOf } from './network/upstreams.ts';
import { Variables } from './values/variables.ts';

/** A directive where NGINX meets it: includes have been followed. */
export interface Item {
  readonly directive: Directive;
  readonly file: SourceFile;
  /** The block it stands in. */
  readonly block: Block;
  /** Its place among the items of that block, from 0. */
  readonly index: number;
  /** What stands between its braces; undefined for directives without, and for tables such as `map`. */
  readonly inner: Block | undefined;
}

/** In blocks up to this size a look at each item is quicker than a table, and takes no room. */
const FEW = 12;

/** Blocks so many levels apart keep what they inherit. */
const APART = 16;

/** A block of the configuration with all that stands in it, whichever file it comes from. */
export class Block {
  items: Item[] = [];
  private names: Map<string, Item[]> | undefined;
  private inherited: Map<string, readonly Item[]> | undefined;
  private readonly depth: number;

  /** The server of http or stream that it is or stands in; the outermost block where it stands in none. */
  readonly root: Block;

  /** The directive that the block belongs to; undefined for the outermost one. */
  item: Item | undefined;

  /** @param all items of the whole configuration by their names; most names that are asked for are in none of it. */
  constructor(
    readonly context: number,
    readonly parent: Block | undefined,
    private readonly all: ReadonlyMap<string, readonly Item[]>,
  ) {
    this.depth = parent ? parent.depth + 1 : 0;
    this.root = isServer(context) || !parent ? this : parent.root;
  }

  /** Called when all items are there: a list that grew has room for many more, and there may be many blocks. */
  settle(): void {
    if (this.items.length <= FEW) this.items = this.items.slice();
  }

  /** The server of http or stream that it is, or stands in. */
  get server(): Block | undefined {
    return isServer(this.root.context) ? this.root : undefined;
  }

  get directive(): Directive | undefined {
    return this.item?.directive;
  }

  /** Directives of a name in this block itself, in their order. */
  own(name: string): readonly Item[] {
    const { items } = this;
    if (items.length === 0 || !this.all.has(name)) return NONE;
    if (items.length > FEW) return (this.names ??= byName(items)).get(name) ?? NONE;
    let found: Item[] | undefined;
    for (const item of items) {
      if (item.directive.name !== name) continue;
      if (found) found.push(item);
      else found = [item];
    }
    return found ?? NONE;
  }

  /**
   * Directives of a name that hold in this block: its own, or where it has none those of the nearest block around it
   * that has some. That is how NGINX hands down single values and lists alike.
   */
  effective(name: string): readonly Item[] {
    if (!this.all.has(name)) return NONE;
    let passed: Block[] | undefined;
    let found: readonly Item[] = NONE;
    for (let block: Block | undefined = this as Block; block; block = block.parent) {
      const own = block.own(name);
      const known = own.length > 0 ? own : block.inherited?.get(name);
      if (known) {
        found = known;
        break;
      }
      // kept here and there, as blocks may lie very deep
      if (block.depth % APART === APART - 1) (passed ??= []).push(block);
    }
    if (passed) for (const block of passed) (block.inherited ??= new Map()).set(name, found);
    return found;
  }
}

function isServer(context: number): boolean {
  return context === Context.server || context === Context.streamServer;
}

function byName(items: readonly Item[]): Map<string, Item[]> {
  const names = new Map<string, Item[]>();
  for (const item of items) addTo(names, item);
  return names;
}

function addTo(names: Map<string, Item[]>, item: Item): void {
  const same = names.get(item.directive.name);
  if (same) same.push(item);
  else names.set(item.directive.name, [item]);
}

const NONE: readonly Item[] = [];

/** A configuration as NGINX has it once it is read. */
export class Model {
  private variablesMade: Variables | undefined;
  private upstreamsMade: Map<string, Upstream> | undefined;
  private routesMade: readonly Route[] | undefined;

  constructor(
    readonly top: Block,
    /** Every block but the tables, outer ones first. */
    readonly blocks: readonly Block[],
    /** Every directive outside of tables, in NGINX's order. A file that is included twice is in it twice. */
    readonly items: readonly Item[],
    /** Whether all of the configuration is known; a part lacks what stands elsewhere. */
    readonly whole: boolean,
    /** How often files are included; once where a file is not in it. */
    readonly times: ReadonlyMap<SourceFile, number>,
    private readonly names: ReadonlyMap<string, readonly Item[]>,
    private readonly configuration: Configuration,
  ) {}

  /**
   * Whether everything that stands in a block is known. Of a part it is not where files are included, which may be
   * elsewhere, and the outermost block goes on in other files.
   */
  isKnown({ directive }: Block): boolean {
    if (this.whole) return true;
    const statements = directive?.block?.statements;
    return statements?.every((one) => one.kind !== 'directive' || one.name !== 'include') ?? false;
  }

  /** Directives of a name anywhere outside of tables, in NGINX's order. */
  named(name: string): readonly Item[] {
    return this.names.get(name) ?? NONE;
  }

  /** Lines of a table such as `map` or `types`, those of the files it includes among them. */
  rows({ directive, file, block }: Item): Item[] {
    const rows: Item[] = [];
    const add = (statements: readonly Statement[], from: SourceFile): void => {
      for (const statement of statements) {
        if (statement.kind !== 'directive') continue;
        if (statement.name === 'include' && statement.words.length === 2) {
          for (const one of this.configuration.included(statement) ?? []) add(one.document.statements, one);
        } else rows.push({ directive: statement, file: from, block, index: rows.length, inner: undefined });
      }
    };
    add(directive.block?.statements ?? [], file);
    return rows;
  }

  /** Where the variables of the configuration come from. */
  get variables(): Variables {
    return (this.variablesMade ??= new Variables(this));
  }

  /** Groups of servers by their names in lower case; those of stream have `stream ` in front. */
  get upstreams(): ReadonlyMap<string, Upstream> {
    return (this.upstreamsMade ??= upstreamsOf(this));
  }

  /** The group of a name, as what stands in a block sees it. */
  upstream(name: string, block: Block): Upstream | undefined {
    return this.upstreams.get(scopedName(name, block));
  }

  /** Where the directives lead that pass requests on, such as `proxy_pass`. */
  get routes(): readonly Route[] {
    return (this.routesMade ??= routesOf(this));
  }
}

/** Follows a configuration through its includes. */
export function modelOf(configuration: Loaded, context: number): Model {
  const { main, included } = configuration;
  const names = new Map<string, Item[]>();
  const top = new Block(context, undefined, names);
  const blocks = [top];
  const items: Item[] = [];
  const times = new Map<SourceFile, number>();
  const pending: {
    readonly statements: readonly Statement[];
    next: number;
    readonly file: SourceFile;
    readonly block: Block;
  }[] = [{ statements: main.document.statements, next: 0, file: main, block: top }];
  for (let frame = pending.at(-1); frame; frame = pending.at(-1)) {
    const statement = frame.statements[frame.next++];
    if (statement === undefined) {
      pending.pop();
      frame.block.settle();
      continue;
    }
    if (statement.kind !== 'directive') continue;
    const { file, block } = frame;
    if (statement.name === 'include' && !statement.block) {
      for (const source of (included(statement) ?? []).toReversed()) {
        times.set(source, (times.get(source) ?? 0) + 1);
        pending.push({ statements: source.document.statements, next: 0, file: source, block });
      }
      continue;
    }
    const place = statement.block ? inside(statement.name, block.context) : Context.other;
    const inner = place === Context.other ? undefined : new Block(place, block, names);
    const item = { directive: statement, file, block, index: block.items.length, inner };
    block.items.push(item);
    items.push(item);
    addTo(names, item);
    if (!inner) continue;
    inner.item = item;
    blocks.push(inner);
    pending.push({ statements: statement.block!.statements, next: 0, file, block: inner });
  }
  return new Model(
    top,
    blocks,
    items,
    context === Context.main && configuration.complete,
    times,
    names,
    configuration,
  );
}
