import { groupOf, groups, keyOf, type RecordSet } from '../record.ts';
import { FLAGS, type Wanted } from '../wanted/wanted.ts';
import { isOwnership, ownershipOf, type Ownership, readOwnership } from './ownership.ts';
import { textOf } from './same.ts';

/** One change as Route 53 takes it. A set is never overwritten: what was there is deleted by what it was. */
export interface Change {
  readonly Action: 'CREATE' | 'DELETE';
  readonly ResourceRecordSet: RecordSet;
}

/** What becomes of the records of a name and type. */
export interface GroupChange {
  readonly Name: string;
  readonly Type: string;
  readonly action: 'create' | 'change' | 'delete';
  /** The sets as they are and as they are to be, without the record of ownership. */
  readonly before: readonly RecordSet[];
  readonly after: readonly RecordSet[];
  /** Whose it was, where that changes. */
  readonly from: string | undefined;
  readonly changes: readonly Change[];
}

/** Records of somebody else where ours would be. */
export interface Foreign {
  /** Who keeps them; undefined where nobody says so. */
  readonly owner: string | undefined;
  readonly sets: readonly RecordSet[];
}

export interface Difference {
  readonly changes: readonly GroupChange[];
  readonly foreign: readonly Foreign[];
  /** Sets that lbctl keeps for this owner, before anything changes. */
  readonly owned: number;
  /** Sets of those that are changed or deleted. */
  readonly touched: number;
  /** Records of the zone that stay as they are and are none of the wanted ones. */
  readonly others: readonly RecordSet[];
}

interface Choices {
  /** Takes over records of nobody that are already as they are to be. */
  readonly adopt?: boolean;
}

/** What differs between a zone as it is and as it is to be. */
export function difference(
  current: readonly RecordSet[],
  wanted: Wanted,
  { adopt = false }: Choices = {},
): Difference {
  const { owner } = wanted;
  const ownership = readOwnership(current);
  const now = groups(current.filter((set) => !isOwnership(set)));
  const want = groups(wanted.sets);
  const foreign: Foreign[] = [];
  const changes: GroupChange[] = [];
  for (const [group, after] of want) {
    const before = now.get(group) ?? [];
    const keeper = ownership.ownerOf(after[0]!);
    if (
      before.length > 0 &&
      !isOurs(keeper, owner) &&
      !(adopt && keeper === undefined && isSame(before, after))
    )
      foreign.push({ owner: keeper, sets: before });
    else changes.push(...groupChange(before, after, owner, ownership));
  }
  const goes = leftOver(ownership, wanted, want);
  for (const { Name, Type } of goes)
    changes.push(
      ...groupChange(now.get(groupOf({ Name, Type })) ?? [], [], owner, ownership, { Name, Type }),
    );
  const gone = new Set(goes.map(groupOf));
  const mine = [...now].filter(([, sets]) => ownership.ownerOf(sets[0]!) === owner);
  return {
    changes,
    foreign,
    owned: mine.reduce((sum, [, sets]) => sum + sets.length, 0),
    touched: changes.reduce((sum, { before, changes }) => {
      const lost = new Set(
        changes.flatMap(({ Action, ResourceRecordSet }) =>
          Action === 'DELETE' ? [keyOf(ResourceRecordSet)] : [],
        ),
      );
      return sum + before.filter((set) => lost.has(keyOf(set))).length;
    }, 0),
    others: [...now].flatMap(([group, sets]) => (want.has(group) || gone.has(group) ? [] : sets)),
  };
}

/** What flags have made any balancer may take over. */
function isOurs(keeper: string | undefined, owner: string): boolean {
  return keeper === owner || keeper === FLAGS;
}

function isSame(before: readonly RecordSet[], after: readonly RecordSet[]): boolean {
  const texts = new Set(before.map(textOf));
  return before.length === after.length && after.every((set) => texts.has(textOf(set)));
}

/** Groups of the owner that are wanted no more; flags speak for the names alone that they name. */
function leftOver(
  { owned }: Ownership,
  { owner, sets }: Wanted,
  want: ReadonlyMap<string, unknown>,
): readonly Pick<RecordSet, 'Name' | 'Type'>[] {
  const names = new Set(sets.map(({ Name }) => Name));
  return owned.filter(
    (group) =>
      group.owner === owner && !want.has(groupOf(group)) && (owner !== FLAGS || names.has(group.Name)),
  );
}

/** The changes of one group, with those of the record that says whose it is. */
function groupChange(
  before: readonly RecordSet[],
  after: readonly RecordSet[],
  owner: string,
  ownership: Ownership,
  { Name, Type }: Pick<RecordSet, 'Name' | 'Type'> = after[0]!,
): readonly GroupChange[] {
  const was = new Map(before.map((set) => [keyOf(set), set]));
  const is = new Map(after.map((set) => [keyOf(set), set]));
  const deleted = before.filter((set) => !is.has(keyOf(set)));
  const created = after.filter((set) => !was.has(keyOf(set)));
  const changed = after.filter((set) => {
    const old = was.get(keyOf(set));
    return old !== undefined && textOf(old) !== textOf(set);
  });
  const record = ownership.recordOf({ Name, Type });
  const keeper = ownership.ownerOf({ Name, Type });
  const label = after.length === 0 ? undefined : ownershipOf({ Name, Type }, owner);
  const isLabelled = keeper === owner && label !== undefined;
  const changes: Change[] = [
    ...[
      ...deleted,
      ...changed.map((set) => was.get(keyOf(set))!),
      ...(record && !isLabelled ? [record] : []),
    ].map((set): Change => ({ Action: 'DELETE', ResourceRecordSet: set })),
    ...[...changed, ...created, ...(label && !isLabelled ? [label] : [])].map((set): Change => ({
      Action: 'CREATE',
      ResourceRecordSet: set,
    })),
  ];
  if (changes.length === 0) return [];
  const action = after.length === 0 ? 'delete' : before.length === 0 ? 'create' : 'change';
  const from = keeper !== owner && before.length > 0 ? (keeper ?? 'nobody') : undefined;
  return [{ Name, Type, action, before, after, from, changes }];
}
