import type { NodeState } from './history.ts';

/**
 * Told where lb.yaml describes what somebody went back from: bringing it would not be a change that was forgotten, but the
 * one that was fled. Undefined where it is none of that.
 * @param described release that lb.yaml describes.
 */
export function goneBackFrom(
  described: string,
  { history, current }: Pick<NodeState, 'history' | 'current'>,
): string | undefined {
  const last = history.findLast(({ release, outcome }) => release === current && outcome === 'kept');
  if (last?.action !== 'rollback' || last.before !== described) return undefined;
  const time = last.time.toISOString().replace('T', ' ').slice(0, 16);
  return `gone back from ${described} at ${time} UTC (rollback); lb.yaml still describes that one, and lbctl up would bring it again`;
}
