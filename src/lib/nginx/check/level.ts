import type { Directive } from '../syntax/tree.ts';
import { scopeOf, type Scope } from '../directives/contexts.ts';
import type { SourceFile } from './visit.ts';

/** A directive with the file that holds it. */
export interface Site {
  readonly directive: Directive;
  readonly file: SourceFile;
}

/** Levels so many apart keep what they inherit. */
const APART = 16;

/** One block of the configuration, with what has been seen in it so far. */
export class Level {
  readonly scope: Scope;
  readonly children: Level[] = [];
  /** The first directive of each name that may stand here once, or whose value is looked at later. */
  private readonly first = new Map<string, Site>();

  // Most levels have neither.
  private counts: Map<string, number> | undefined;
  /** What is inherited, by name, once it has been asked for; kept here and there, as levels may lie very deep. */
  private kept: Map<string, Site | undefined> | undefined;
  private readonly depth: number;

  constructor(
    readonly context: number,
    readonly site: Site | undefined,
    readonly parent: Level | undefined,
  ) {
    this.scope = scopeOf(context);
    this.depth = parent ? parent.depth + 1 : 0;
    parent?.children.push(this);
  }

  /** The directive of this name on this level itself. */
  own(name: string): Site | undefined {
    return this.first.get(name);
  }

  /** The directive of this name on this level or the nearest one around it, of those read so far. */
  effective(name: string): Site | undefined {
    let site = this.first.get(name);
    for (let level = this.parent; level && !site; level = level.parent) site = level.first.get(name);
    return site;
  }

  /** The same when all has been read. */
  settled(name: string): Site | undefined {
    let passed: Level[] | undefined;
    let site: Site | undefined;
    for (let level: Level | undefined = this as Level; level && !site; level = level.parent) {
      site = level.first.get(name);
      if (site || level.depth % APART !== APART - 1) continue;
      if (level.kept?.has(name)) {
        site = level.kept.get(name);
        break;
      }
      (passed ??= []).push(level);
    }
    if (passed) for (const level of passed) (level.kept ??= new Map()).set(name, site);
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
    (this.counts ??= new Map()).set(name, this.countOf(name) + 1);
  }

  countOf(name: string): number {
    return this.counts?.get(name) ?? 0;
  }
}
