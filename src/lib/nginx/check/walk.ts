import { Context } from '../directives/contexts.ts';
import { allowsCount, shapesOf, type Shape, type Target } from '../directives/knowledge.ts';
import type { Directive, Statement } from '../syntax/tree.ts';
import { finish } from './finish.ts';
import { checkOfForm, flag, missingSemicolon, startsLine } from './forms.ts';
import { inside } from './inside.ts';
import { Level } from './level.ts';
import { wrongCount, wrongEnd } from './mismatch.ts';
import { resolve, type Resolution } from './resolve.ts';
import { implicitListen } from './special/listen.ts';
import { specialCheck, TABLES, upstreamServer } from './special/registry.ts';
import type { Table } from './special/tables.ts';
import { upstreamEnd } from './special/upstream.ts';
import { Visit, type Check, type Configuration, type Fault, type SourceFile } from './visit.ts';

/** Statements that are being gone through. */
interface Frame {
  readonly statements: readonly Statement[];
  next: number;
  readonly level: Level;
  readonly file: SourceFile;
  /** Where the statements are no directives. */
  readonly table: Table | undefined;
  /** What is looked at behind the last one. */
  readonly end: Check | undefined;
}

/**
 * Everything that an NGINX would refuse for a reason that stands in the text.
 * @param context where the first file stands: `Context.main` for a whole configuration.
 */
export function check(configuration: Configuration, target: Target, context?: number): Fault[] {
  return new Walk(configuration, target).run(context ?? Context.main, context === Context.main);
}

class Walk {
  private readonly visit: Visit;
  private readonly frames: Frame[] = [];
  private readonly resolutions = new Map<number, Map<string, Resolution>>();

  constructor(
    private readonly configuration: Configuration,
    private readonly target: Target,
  ) {
    this.visit = new Visit(target, configuration.main);
  }

  run(context: number, whole: boolean): Fault[] {
    // the lines of a table: what they may be depends on the block that includes them
    if (context === Context.other) return [];
    const { main } = this.configuration;
    const top = new Level(context, undefined, undefined);
    this.visit.fragment = context !== Context.main || !this.configuration.complete;
    this.open(main.document.statements, top, main);
    for (let frame = this.frames.at(-1); frame; frame = this.frames.at(-1)) {
      const statement = frame.statements[frame.next];
      this.visit.file = frame.file;
      this.visit.level = frame.level;
      if (statement === undefined) {
        this.frames.pop();
        frame.end?.(this.visit);
        continue;
      }
      frame.next++;
      if (statement.kind === 'directive' && statement.words[0]!.raw !== '') this.directive(statement, frame);
    }
    finish(this.visit, top, whole);
    return this.visit.faults;
  }

  private open(
    statements: readonly Statement[],
    level: Level,
    file: SourceFile,
    table?: Table,
    end?: Check,
  ): void {
    this.frames.push({ statements, next: 0, level, file, table, end });
  }

  private directive(directive: Directive, frame: Frame): void {
    const { visit } = this;
    visit.directive = directive;
    visit.words = directive.words;
    if (frame.table) {
      this.line(directive, frame, frame.table);
      return;
    }
    if (directive.name === 'include') return this.include(directive, frame);
    const resolution = this.lookUp(directive.name, frame.level.context);
    if (!('shapes' in resolution)) {
      // what a module of which nothing is known brings cannot be judged
      if (visit.foreignModules && resolution.rule === 'syntax/unknown-directive') return;
      visit.fault(resolution.rule, resolution.message, undefined, { hint: resolution.hint });
      return;
    }
    const shape = this.fitting(directive, resolution.shapes, frame);
    if (shape) this.known(directive, shape, frame);
  }

  private lookUp(name: string, context: number): Resolution {
    let known = this.resolutions.get(context);
    if (!known) this.resolutions.set(context, (known = new Map<string, Resolution>()));
    let resolution = known.get(name);
    if (!resolution) known.set(name, (resolution = resolve(name, context, this.target, this.visit.near)));
    return resolution;
  }

  /** The shape that the directive has; told as a fault where it has none. */
  private fitting(directive: Directive, shapes: readonly Shape[], frame: Frame): Shape | undefined {
    const count = directive.words.length - 1;
    const isBlock = directive.block !== undefined || directive.code !== undefined;
    const shape = shapes.find((one) => one.block === isBlock && allowsCount(one, count)) ?? shapes[0]!;
    if (shape.block === isBlock && allowsCount(shape, count)) return shape;
    if (this.splitAtLine(directive, frame)) return undefined;
    if (shape.block !== isBlock) wrongEnd(this.visit);
    else wrongCount(this.visit, shape);
    return undefined;
  }

  /**
   * A directive whose `;` is missing swallows the lines behind it. Where a word that starts a line is a directive of
   * this context, the two are looked at apart.
   */
  private splitAtLine(directive: Directive, frame: Frame): boolean {
    const { text } = frame.file.document;
    const { words } = directive;
    const at = words.findIndex(
      (word, index) =>
        index > 0 &&
        startsLine(text, words[index - 1]!, word) &&
        shapesOf(word.value).some((shape) => (shape.contexts & frame.level.context) !== 0),
    );
    if (at < 0) return false;
    const last = words[at - 1]!;
    const end = last.start + last.raw.length;
    const head: Directive = {
      ...directive,
      words: words.slice(0, at),
      end,
      block: undefined,
      code: undefined,
    };
    const tail: Directive = {
      ...directive,
      words: words.slice(at),
      name: words[at]!.value,
      start: words[at]!.start,
    };
    missingSemicolon(this.visit, last);
    this.open([head, tail], frame.level, frame.file);
    return true;
  }

  private known(directive: Directive, shape: Shape, frame: Frame): void {
    const { visit } = this;
    const { name } = directive;
    if (shape.origin === 'third-party') return this.foreign(directive, shape, frame);
    const table = directive.block && Object.hasOwn(TABLES, name) ? TABLES[name]!(visit) : undefined;
    if (table) {
      this.open(directive.block!.statements, frame.level, frame.file, table, table.end);
      return;
    }
    const inUpstream = name === 'server' && !directive.block;
    const special = inUpstream ? upstreamServer : specialCheck(name);
    if (special) special(visit);
    else if (shape.form !== '') checkOfForm(shape.form)?.(visit);
    else if (shape.flag) flag(visit);
    if (directive.block) this.enter(directive, frame);
  }

  /** Of other modules' directives only the place and the number of words are known, and the variables they make. */
  private foreign(directive: Directive, shape: Shape, frame: Frame): void {
    const { visit } = this;
    if (shape.flag) flag(visit);
    const word = visit.words[1];
    if (word?.value.startsWith('$') && MAKES_VARIABLE.test(directive.name))
      visit.here.variables.set(word.value.slice(1).toLowerCase(), visit.site);
    if (directive.name !== 'geoip2' || !directive.block) return;
    this.open(directive.block.statements, frame.level, frame.file, { entry: geoip2Entry });
  }

  private enter(directive: Directive, frame: Frame): void {
    const { name, block } = directive;
    const context = inside(name, frame.level.context);
    if (context === Context.other) return;
    const level = new Level(context, { directive, file: frame.file }, frame.level);
    this.open(block!.statements, level, frame.file, undefined, ENDS[context]);
  }

  private include(directive: Directive, frame: Frame): void {
    const { visit } = this;
    if (directive.block) return wrongEnd(visit);
    if (directive.words.length !== 2) {
      if (!this.splitAtLine(directive, frame))
        visit.fault('syntax/argument-count', `include takes one argument, not ${directive.words.length - 1}`);
      return;
    }
    const files = this.configuration.included(directive);
    for (const file of (files ?? []).toReversed())
      this.open(file.document.statements, frame.level, file, frame.table);
  }

  private line(directive: Directive, frame: Frame, table: Table): void {
    const { visit } = this;
    if (directive.block) {
      const { open } = directive.block;
      visit.faultAt(frame.file, 'syntax/unexpected', 'a block cannot stand here', open, open + 1, {});
    } else if (directive.name === 'include') {
      this.include(directive, frame);
    } else {
      table.entry(visit);
    }
  }
}

/** What is looked at when a block ends. */
const ENDS: Readonly<Record<number, Check>> = {
  [Context.upstream]: upstreamEnd,
  [Context.streamUpstream]: upstreamEnd,
  [Context.server]: implicitListen,
};

const MAKES_VARIABLE = /^(?:set_|js_set|js_var|perl_set|geoip2|set$)/u;

/** A line of geoip2 makes a variable; its database's own settings start without `$`. */
const geoip2Entry: Check = (visit) => {
  const [word] = visit.words;
  if (word!.value.startsWith('$')) visit.here.variables.set(word!.value.slice(1).toLowerCase(), visit.site);
};
