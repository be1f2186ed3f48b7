import { Context } from '../directives/contexts.ts';
import { nearest } from '../../nearest.ts';
import { directiveNames, isIn, shapesOf, type Target } from '../directives/knowledge.ts';
import type { Directive, Document, Statement } from '../syntax/tree.ts';
import { inside } from './inside.ts';

/** Where a file may belong, the likelier first: of two that fit alike the first is taken. */
const CANDIDATES = [
  Context.http,
  Context.server,
  Context.location,
  Context.main,
  Context.upstream,
  Context.stream,
  Context.streamServer,
  Context.streamUpstream,
  Context.mail,
  Context.mailServer,
  Context.events,
];

/**
 * The context that a file belongs to, by the directives that stand in it and in its blocks. A file that opens `http`,
 * `events`, `stream` or `mail` is a whole configuration; one with the lines of a table belongs to no context.
 */
export function inferContext({ statements }: Document, target: Target): number {
  const directives = directivesIn(statements);
  if (directives.some(({ name, block }) => block && /^(?:http|events|stream|mail)$/u.test(name)))
    return Context.main;
  if (isTable(directives)) return Context.other;
  let best: number = Context.http;
  let fewest = Infinity;
  for (const context of CANDIDATES) {
    const count = misfits(directives, context, target);
    if (count < fewest) [best, fewest] = [context, count];
  }
  return best;
}

/**
 * Whether a file holds the lines of a `map`, a `geo` or `types`: several of them, and none that is a directive or looks
 * like one that is misspelt.
 */
function isTable(directives: readonly Directive[]): boolean {
  if (directives.length < 2) return false;
  return directives.every(
    ({ name, words, block, code }) =>
      !block &&
      !code &&
      words.length > 1 &&
      shapesOf(name).length === 0 &&
      (!/^[a-z_\d]+$/u.test(name) || name === 'default' || nearest(name, directiveNames()) === undefined),
  );
}

/** How many directives cannot stand where they would, blocks looked into once. */
function misfits(directives: readonly Directive[], context: number, target: Target): number {
  let count = 0;
  for (const directive of directives) {
    if (!fits(directive, context, target)) count += directive.block ? 2 : 1;
    else if (directive.block) {
      const inner = inside(directive.name, context);
      if (inner === Context.other) continue;
      for (const child of directivesIn(directive.block.statements)) if (!fits(child, inner, target)) count++;
    }
  }
  return count;
}

function fits({ name, block, code }: Directive, context: number, target: Target): boolean {
  const shapes = shapesOf(name);
  // a name that nobody knows says nothing of the place
  if (shapes.length === 0 || name === 'include') return true;
  const isBlock = block !== undefined || code !== undefined;
  return shapes.some(
    (shape) => (shape.contexts & context) !== 0 && shape.block === isBlock && isIn(shape, target),
  );
}

function directivesIn(statements: readonly Statement[]): Directive[] {
  return statements.filter((one) => one.kind === 'directive');
}
