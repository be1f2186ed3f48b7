import { groupOf, groups, type RecordSet } from '../record.ts';

/** Record sets that can be asked. */
export interface Zone {
  group(name: string, type: string): readonly RecordSet[];
  /** The group that an alias leads to; undefined where that is outside. */
  behind(set: RecordSet): readonly RecordSet[] | undefined;
}

export function zoneOf(sets: readonly RecordSet[]): Zone {
  const index = groups(sets);
  const group = (Name: string, Type: string) => index.get(groupOf({ Name, Type })) ?? [];
  return {
    group,
    behind({ AliasTarget: target, Type }) {
      if (!target) return undefined;
      const found = group(target.DNSName, Type);
      return found.length === 0 ? undefined : found;
    },
  };
}
