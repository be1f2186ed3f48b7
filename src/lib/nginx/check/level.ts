import type { Directive } from '../syntax/tree.ts';
import { scopeOf, type Scope } from '../directives/contexts.ts';
import type { SourceFile } from './visit.ts';

/** A directive with the file that holds it. */
export interface Site {
  readonly directive: Directive;
  readonly file: SourceFile;
}

/** One block of the configuration, with what has been seen in it so far. */
export class Level {
  readonly scope: Scope;
  readonly children: Level[] = [];
  /** The first directive of each name that may stand here once, or whose value is looked at later. */
  private readonly first = new Map<string, Site>();

  private readonly counts = new Map<string, number>();

  constructor(
    readonly context: number,
    readonly site: Site | undefined,
    readonly parent: Level | undefined,
  ) {
    this.scope = scopeOf(context);
    parent?.children.push(this);
  }

  /** The directive of this name on this level itself. */
  own(name: string): Site | undefined {
    return this.first.get(name);
  }

  /** The directive of this name on this level or the nearest one around it. */
  effective(name: string): Site | undefined {
    let site = this.first.get(name);
    for (let level = this.parent; level && !site; level = level.parent) site = level.first.get(name);
    return site;
  }

  /** Keeps a directive; the one of the same name that came before is returned. */
  add(name: string, site: Site): Site | undefined {
    const before = this.first.get(name);
    if (!before) this.first.set(name, site);
    return before;
  }

  /** Counts a directive that may stand here several times. */
  count(name: string): void {
    this.counts.set(name, this.countOf(name) + 1);
  }

  countOf(name: string): number {
    return this.counts.get(name) ?? 0;
  }
}
