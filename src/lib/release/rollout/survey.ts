import { UserError } from '../../errors.ts';
import { alike } from '../alike.ts';
import { FRESH, type NodeState, observeNode } from '../history.ts';
import type { Node } from '../node/place.ts';
import { each } from './each.ts';

/** Nodes that are asked, or taken back, at the same time. */
export const AT_ONCE = 16;

/** The same for ways that can ask more of them in one call. */
export function atOnceOf(nodes: readonly Node[]): number {
  return Math.max(AT_ONCE, nodes[0]?.transport.atOnce ?? 0);
}

/** A node before anything is changed: what it told, or why it cannot take part. */
export interface Surveyed {
  readonly node: Node;
  readonly state: NodeState | null;
  readonly trouble?: UserError | undefined;
}

/** Asks all nodes what they serve; changes nothing. Those that are no longer are left out. */
export async function survey(nodes: readonly Node[]): Promise<Surveyed[]> {
  const asked = await each(nodes, atOnceOf(nodes), async (node): Promise<Surveyed> => {
    if (node.coming) return { node, state: FRESH };
    try {
      return { node, state: await observeNode(node) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { node, state: null, trouble: error };
    }
  });
  return asked.filter(({ trouble }) => trouble?.code !== 'left');
}

/**
 * Lets a roll-out begin only where no more nodes than may fail are out of reach, all of which are told.
 * @throws UserError what the node said where there is one; `denied` where all of several let nobody in, else `failed`.
 */
export function refuseUnreachable(surveyed: readonly Surveyed[], maxErrors: number): void {
  const troubles = surveyed.flatMap(({ trouble }) => (trouble ? [trouble] : []));
  const [first] = troubles;
  if (!first || (troubles.length <= maxErrors && troubles.length < surveyed.length)) return;
  const said = alike(troubles, ({ message }) => message);
  // where all are told the same, as by AWS, that is what is wrong
  if (troubles.length === surveyed.length && said.length === 1) throw first;
  const everywhere = troubles.length === surveyed.length && troubles.every(({ kind }) => kind === first.kind);
  throw new UserError(
    everywhere ? first.kind : 'failed',
    'unreachable-nodes',
    `${troubles.length} of ${surveyed.length} nodes cannot take part; nothing was changed`,
    {
      evidence: said.flatMap(([{ message, evidence, hint }, ...others]) => [
        others.length === 0 ? message : `${others.length + 1} nodes: ${message}`,
        ...evidence.map((line) => `  ${line}`),
        ...(hint === undefined ? [] : [`  hint: ${hint}`]),
      ]),
      hint: 'mend these, or let some be left out with --max-errors',
    },
  );
}
