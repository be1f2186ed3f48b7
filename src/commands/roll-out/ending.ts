import { Aborted, UserError } from '../../lib/errors.ts';
import type { NodeReport } from '../../lib/release/rollout/outcome.ts';
import { renderReports, reportDocument } from '../../lib/ui/fleet-report.ts';
import { changeDocument } from '../../lib/ui/plan.ts';
import type { Terminal } from '../../lib/ui/terminal.ts';
import type { Outcome } from '../command.ts';
import type { Ended } from './carry-out.ts';
import type { Sight } from './sight.ts';
import type { Choice, Document, Part, RolledOut } from './work.ts';

/**
 * Tells what has come of a roll-out.
 * @throws UserError where it failed, with what was done all the same; Aborted where it was interrupted.
 */
export async function tellEnd(terminal: Terminal, { plan, sight, rolledOut, late }: Ended): Promise<Outcome> {
  const { choice, ids, able } = sight;
  const { verdict, nodes } = rolledOut;
  const isDone = verdict === 'done';
  const document: Document = {
    ...changeDocument(plan),
    changed: hasChanged(sight, rolledOut),
    release: ids.length === 1 ? ids[0] : null,
    nodes: nodes.map(reportDocument),
  };
  if (plan.steps.length > 0 && nodes.length > 1) terminal.note(renderReports(nodes, terminal.noteStyle));
  if (verdict === 'failed') throw failureOf(nodes, ids, document);
  if (late) throw withDone(late, document);
  if (choice.ending !== undefined && plan.steps.length > 0) terminal.note(choice.ending);
  const asked = able.map(({ node }) => node);
  const whole = isDone && choice.finish ? await choice.finish(asked, document) : document;
  if (terminal.json) terminal.printJson(whole);
  if (!isDone) throw new Aborted(interruptedAt(nodes, ids, choice));
  return 0;
}

/** Nodes that do not serve what they served before, or may not. */
const CHANGED = new Set<NodeReport['outcome']>(['kept', 'not-rolled-back', 'stuck', 'lost']);

function hasChanged({ choice, newcomers }: Sight, { verdict, nodes }: RolledOut): boolean {
  const count = (part: Pick<Part, 'steps'> | undefined): number => part?.steps.length ?? 0;
  const last = newcomers.steps.length + count(choice.behind);
  return (
    count(choice.ahead) + count(choice.after) > 0 ||
    nodes.some(({ outcome }) => CHANGED.has(outcome)) ||
    (verdict === 'done' && last > 0)
  );
}

function withDone({ kind, code, message, hint, evidence, cause }: UserError, done: Document): UserError {
  return new UserError(kind, code, message, { hint, evidence, cause, done });
}

function failureOf(nodes: readonly NodeReport[], ids: readonly string[], done: Document): UserError {
  const [only, ...others] = nodes;
  if (others.length === 0 && only?.error) return withDone(only.error, done);
  const count = (...outcomes: readonly NodeReport['outcome'][]): number =>
    nodes.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const failed = count('undone', 'refused', 'stuck', 'lost', 'unreachable');
  const [back, stays, waiting] = [count('rolled-back'), count('not-rolled-back'), count('not-begun')];
  const gone = count('left');
  const parts = [
    `${ids.length === 1 ? `release ${ids[0]}` : 'the roll-out'} failed on ${failed} of ${nodes.length} nodes`,
    ...(back > 0 ? [`${back} went back to what served before`] : []),
    ...(stays > 0 ? [`${stays} could not go back`] : []),
    ...(gone > 0 ? [`${gone} ${gone === 1 ? 'has' : 'have'} left the group`] : []),
    ...(waiting > 0 ? [`${waiting} ${waiting === 1 ? 'was' : 'were'} not begun`] : []),
  ];
  return new UserError('failed', 'rollout-failed', parts.join('; '), {
    hint: 'mend what is told of the nodes above, and run the command again',
    done,
  });
}

/** How an interrupted run left the nodes, and what goes on or back from there. */
function interruptedAt(
  nodes: readonly NodeReport[],
  ids: readonly string[],
  { again, back }: Pick<Choice, 'again' | 'back'>,
): string {
  const serving = nodes.filter(({ outcome }) => outcome === 'kept' || outcome === 'current').length;
  const waiting = nodes.filter(({ outcome }) => outcome === 'not-begun').length;
  const release = ids.length === 1 ? ids[0] : 'what it should';
  if (nodes.length === 1) return `stopped; ${nodes[0]!.node} serves ${nodes[0]!.after ?? release}`;
  const head = `stopped; ${serving} of ${nodes.length} nodes serve ${release}, ${waiting} not begun`;
  const isChanged = nodes.some(({ outcome }) => outcome === 'kept');
  // one command goes back only where all nodes served the same
  const [before, ...more] = new Set(nodes.map((node) => node.before));
  const takesBack = back ?? (before && more.length === 0 ? `lbctl rollback ${before}` : undefined);
  return [
    head,
    ...(again === undefined || waiting === 0 ? [] : [`${again} goes on from here`]),
    ...(isChanged && takesBack !== undefined ? [`${takesBack} takes it back`] : []),
  ].join('\n');
}
