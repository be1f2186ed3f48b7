import { groups, keyOf, type RecordSet } from '../record.ts';
import type { Change, GroupChange } from './diff.ts';
import { differenceLines } from './lines.ts';
import { textOf } from './same.ts';

/** What takes changes back, and what somebody has changed since. */
export interface Undoing {
  readonly changes: readonly GroupChange[];
  /** Lines of records that are neither as they were before nor as the changes left them. */
  readonly conflicts: readonly string[];
}

/** Takes changes back, as far as they were made: what is as it was before is left alone. */
export function undoing(made: readonly Change[], current: readonly RecordSet[]): Undoing {
  const now = new Map(current.map((set) => [keyOf(set), set]));
  const was = new Map<string, RecordSet>();
  const is = new Map<string, RecordSet>();
  for (const { Action, ResourceRecordSet: set } of made)
    (Action === 'DELETE' ? was : is).set(keyOf(set), set);
  const conflicts: string[] = [];
  const back: Change[] = [];
  for (const key of new Set([...was.keys(), ...is.keys()])) {
    const [before, after, there] = [was.get(key), is.get(key), now.get(key)];
    if (isSame(there, before)) continue;
    if (!isSame(there, after)) {
      conflicts.push(...differenceLines(after ? [after] : [], there ? [there] : []));
      continue;
    }
    if (after) back.push({ Action: 'DELETE', ResourceRecordSet: after });
    if (before) back.push({ Action: 'CREATE', ResourceRecordSet: before });
  }
  return { changes: byGroup(back), conflicts };
}

function isSame(a: RecordSet | undefined, b: RecordSet | undefined): boolean {
  return a === undefined || b === undefined ? a === b : textOf(a) === textOf(b);
}

function byGroup(changes: readonly Change[]): readonly GroupChange[] {
  const of = (action: Change['Action']) =>
    groups(
      changes.flatMap(({ Action, ResourceRecordSet }) => (Action === action ? [ResourceRecordSet] : [])),
    );
  const [deleted, created] = [of('DELETE'), of('CREATE')];
  return [...new Set([...deleted.keys(), ...created.keys()])].map((key) => {
    const [before, after] = [deleted.get(key) ?? [], created.get(key) ?? []];
    const { Name, Type } = (after[0] ?? before[0])!;
    return {
      Name,
      Type,
      action: after.length === 0 ? 'delete' : before.length === 0 ? 'create' : 'change',
      before,
      after,
      from: undefined,
      changes: [
        ...before.map((set): Change => ({ Action: 'DELETE', ResourceRecordSet: set })),
        ...after.map((set): Change => ({ Action: 'CREATE', ResourceRecordSet: set })),
      ],
    };
  });
}
