/** lbctl's NGINX language for other programs: `import { parse, lint } from 'lbctl'`. */
import { lint as lintLoaded } from './lib/lint/engine/lint.ts';
import type { Finding } from './lib/lint/engine/finding.ts';
import { inferContext } from './lib/nginx/check/infer.ts';
import { Context, contextNames, contextOf, namesOf } from './lib/nginx/directives/contexts.ts';
import { isIn, shapesOf } from './lib/nginx/directives/knowledge.ts';
import { inheritanceOf, referenceOf, type Inheritance } from './lib/nginx/directives/reference.ts';
import { type Files, loadConfiguration } from './lib/nginx/include/load.ts';
import { NEWEST_STABLE } from './lib/nginx/version.ts';

export { format } from './lib/nginx/format/format.ts';
export { parse } from './lib/nginx/syntax/parse.ts';
export { print } from './lib/nginx/syntax/print.ts';
export { positions, type Position } from './lib/nginx/syntax/position.ts';
export type {
  Block,
  Code,
  Comment,
  Directive,
  Document,
  Statement,
  Stray,
  SyntaxProblem,
  Word,
} from './lib/nginx/syntax/tree.ts';
export type { Finding, Severity } from './lib/lint/engine/finding.ts';
export type { Inheritance } from './lib/nginx/directives/reference.ts';

/** The NGINX that has to load a configuration. */
export interface TargetOptions {
  /** A release, such as `1.28`; the newest stable one when left out. */
  readonly target?: string;
  /** Whether it is NGINX Plus. */
  readonly plus?: boolean;
}

export interface LintOptions extends TargetOptions {
  /** Where the text belongs, such as `http` or `location`; told from its directives when left out. */
  readonly context?: string;
  /** Path of the text, which its includes are relative to and findings name; `/nginx.conf` when left out. */
  readonly path?: string;
  /** Other files by their absolute paths, for includes. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * What is wrong with a configuration, in the order of the text.
 * @throws RangeError where `context` is none that there is.
 */
export function lint(text: string, options: LintOptions = {}): Finding[] {
  const { target = NEWEST_STABLE, plus = false, context, path = '/nginx.conf', files = {} } = options;
  const all = new Map([...Object.entries(files), [path, text]]);
  const loaded = loadConfiguration(path, filesOf(all));
  const own = { version: target, plus };
  const place = context === undefined ? inferContext(loaded.main.document, own) : contextOf(context);
  if (place === 0)
    throw new RangeError(`there is no context ${context}; there are ${contextNames().join(', ')}`);
  // what was told from the text need not be a whole configuration
  const whole = context === undefined && place === Context.main;
  return lintLoaded(loaded, { target: own, context: whole ? undefined : place });
}

function filesOf(texts: ReadonlyMap<string, string>): Files {
  return {
    read: (path) => texts.get(path),
    list(folder) {
      const prefix = folder.endsWith('/') ? folder : `${folder}/`;
      const inside = [...texts.keys()].filter((path) => path.startsWith(prefix));
      return inside.map((path) => path.slice(prefix.length).split('/')[0]!);
    },
  };
}

/** What is known of a directive. */
export interface DirectiveKnowledge {
  readonly name: string;
  /** NGINX's module, or the name of another one. */
  readonly module: string;
  /** Where it may stand. */
  readonly contexts: readonly string[];
  /** Whether a block belongs to it. */
  readonly block: boolean;
  readonly inheritance: Inheritance;
  /** Its paragraph in NGINX's documentation. */
  readonly url: string | undefined;
  readonly defaults: readonly string[];
}

/** What is known of a directive in an NGINX: one entry for each module that has it, none where it is unknown. */
export function directive(
  name: string,
  { target = NEWEST_STABLE, plus = false }: TargetOptions = {},
): DirectiveKnowledge[] {
  return shapesOf(name)
    .filter((shape) => isIn(shape, { version: target, plus }))
    .map((shape) => ({
      name,
      module: shape.module,
      contexts: namesOf(shape.contexts),
      block: shape.block,
      inheritance: inheritanceOf(shape),
      ...referenceOf(shape),
    }));
}
