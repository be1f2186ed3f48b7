import { nearest } from '../../nearest.ts';
import type { Scope } from '../directives/contexts.ts';
import type { Target } from '../directives/knowledge.ts';
import type { Directive, Document, Word } from '../syntax/tree.ts';
import type { Level, Site } from './level.ts';
import { Names, type Use } from './names.ts';
import { Zones } from './zones.ts';

/** A file of the configuration. */
export interface SourceFile {
  /** Path as messages show it. */
  readonly name: string;
  /** Absolute path of the file itself, behind all links; two files of one path are the same. */
  readonly path: string;
  readonly document: Document;
}

/** A file with those it includes, in the order NGINX reads them. */
export interface Configuration {
  readonly main: SourceFile;
  /** Files that an `include` stands for; undefined where they were not read, so that nothing is known of them. */
  readonly included: (directive: Directive) => readonly SourceFile[] | undefined;
  /** Whether all included files are there; where some are not, names may be made in them. */
  readonly complete: boolean;
}

/** Something that NGINX would refuse, in a file. */
export interface Fault {
  /** `syntax/…`, stable. */
  readonly rule: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  /** Another place that explains this one. */
  readonly related?: Place | undefined;
}

interface Place {
  readonly message: string;
  readonly file: SourceFile;
  readonly start: number;
}

interface Extra {
  readonly hint?: string | undefined;
  /** A directive that explains the fault, such as the one that came first. */
  readonly related?: { readonly message: string; readonly site: Site } | undefined;
}

/**
 * Where a check stands: the directive it looks at, and all that is known of the configuration up to there. There is
 * one for a run; the walk moves it on.
 */
export class Visit {
  directive!: Directive;
  /** The words of the directive; the first is its name, as in NGINX's own handlers. */
  words!: readonly Word[];
  level!: Level;
  file!: SourceFile;
  readonly faults: Fault[] = [];
  readonly zones = new Zones();
  /** Folders that NGINX writes to, with what they are for. */
  readonly paths = new Map<string, { readonly use: string; readonly site: Site }>();
  readonly threadPools = {
    made: new Map<string, Site>(),
    uses: [] as (Use & { readonly name: string })[],
  };
  private readonly names = new Map<Scope, Names>();
  private readonly told = new Set<string>();
  private questions = 0;

  /** Names of each server, as they were written. */
  readonly serverNames = new Map<Level, Use[]>();
  /** Whether this is a part of a configuration, so that names may be made and values set elsewhere. */
  fragment = false;
  /** Whether a module is loaded of which nothing is known. */
  foreignModules = false;

  constructor(
    readonly target: Target,
    readonly mainFile: SourceFile,
  ) {}

  /** The candidate that was probably meant; none after a hundred questions, as the file is no configuration then. */
  readonly near = (word: string, candidates: Iterable<string>): string | undefined =>
    this.questions++ < 100 ? nearest(word, candidates) : undefined;

  get scope(): Scope {
    return this.level.scope;
  }

  get site(): Site {
    return { directive: this.directive, file: this.file };
  }

  /** Names of one of NGINX's worlds; those of the directive at hand unless told otherwise. */
  namesOf(scope: Scope): Names {
    let names = this.names.get(scope);
    if (!names) this.names.set(scope, (names = new Names(scope)));
    return names;
  }

  get here(): Names {
    return this.namesOf(this.level.scope);
  }

  /** Notes a fault of the directive at hand, at one of its words. */
  fault(rule: string, message: string, word: Word = this.words[0]!, extra: Extra = {}): void {
    this.faultAt(this.file, rule, message, word.start, word.start + word.raw.length, extra);
  }

  /** Notes a fault of another directive. */
  faultOf(
    { directive, file }: Site,
    rule: string,
    message: string,
    extra: Extra & { word?: Word } = {},
  ): void {
    const word = extra.word ?? directive.words[0]!;
    this.faultAt(file, rule, message, word.start, word.start + word.raw.length, extra);
  }

  faultAt(file: SourceFile, rule: string, message: string, start: number, end: number, extra: Extra): void {
    // a file that is included twice is told about once
    const key = `${file.name}\n${start}\n${rule}\n${message}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    const { hint, related } = extra;
    this.faults.push({
      rule,
      message,
      ...(hint === undefined ? {} : { hint }),
      file,
      start,
      end,
      ...(related
        ? {
            related: {
              message: related.message,
              file: related.site.file,
              start: related.site.directive.start,
            },
          }
        : {}),
    });
  }

  /** Refuses a second directive of this name on the same level; the first is kept. */
  once(name = this.words[0]!.value): boolean {
    const before = this.level.add(name, this.site);
    if (!before) return true;
    const own = this.words[0]!.value;
    const other = before.directive.name;
    if (other === own || name !== own) {
      this.fault('syntax/duplicate', `${own} is given twice in the same block`, undefined, {
        hint: 'NGINX refuses the second one; keep one of them',
        related: { message: 'the first one', site: before },
      });
    } else {
      this.fault('syntax/order', `${own} must stand in front of the first ${other}`, undefined, {
        related: { message: `the ${other}`, site: before },
      });
    }
    return false;
  }
}

/** Looks at one directive. */
export type Check = (visit: Visit) => void;
