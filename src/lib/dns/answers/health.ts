import { groupOf, type RecordSet } from '../record.ts';
import type { Zone } from './zone.ts';

/** Says whether a set is taken for alive. */
export type Alive = (set: RecordSet) => boolean;

/** Health as Route 53 sees it: checks that fail, and aliases that look at what they lead to. */
export function aliveIn(zone: Zone, isDown: (set: RecordSet) => boolean): Alive {
  const alive = (set: RecordSet, seen: readonly string[]): boolean => {
    if (isDown(set)) return false;
    if (set.AliasTarget?.EvaluateTargetHealth !== true || seen.includes(groupOf(set))) return true;
    const behind = zone.behind(set);
    return behind === undefined || behind.some((other) => alive(other, [...seen, groupOf(set)]));
  };
  return (set) => alive(set, []);
}

/** Whether Route 53 may ever take a set for dead. */
export function canFail(zone: Zone, set: RecordSet, seen: readonly string[] = []): boolean {
  if (set.HealthCheckId !== undefined) return true;
  if (set.AliasTarget?.EvaluateTargetHealth !== true || seen.includes(groupOf(set))) return false;
  const behind = zone.behind(set);
  return behind === undefined || behind.every((other) => canFail(zone, other, [...seen, groupOf(set)]));
}
