import { isWithin } from '../names.ts';
import { groupOf, groups, type RecordSet, titleOf } from '../record.ts';
import { type Check, error, type Finding, forSets, type Subject } from './check.ts';

/** Seconds that a TTL may have (RFC 2181, section 8; ResourceRecordSet). */
const LONGEST_TTL = 2_147_483_647;

export const alias: Check = {
  id: 'alias',
  summary: 'an alias has no TTL and no values, other records have both',
  find: (subject) => [...forSets(form)(subject), ...circles(subject)],
};

function form(set: RecordSet): readonly Omit<Finding, 'set'>[] {
  const title = titleOf(set);
  const { AliasTarget: target, TTL: ttl, ResourceRecords: records } = set;
  if (target) {
    return [
      ...(ttl === undefined
        ? []
        : [error(`${title} is an alias, and an alias has no TTL`, 'the TTL is that of what it leads to')]),
      ...(records === undefined ? [] : [error(`${title} is an alias, and an alias has no values`)]),
    ];
  }
  if (ttl === undefined) return [error(`${title} has no TTL`)];
  return [
    ...((records ?? []).length === 0 ? [error(`${title} has no value`)] : []),
    ...(Number.isInteger(ttl) && ttl >= 0 && ttl <= LONGEST_TTL
      ? []
      : [error(`${title}: a TTL is a whole number of seconds from 0 to ${LONGEST_TTL}, not ${ttl}`)]),
  ];
}

/** Aliases inside the zone that lead nowhere, or in a circle. */
function circles({ wanted, others }: Subject): readonly Finding[] {
  const all = [...wanted.sets, ...others];
  const index = groups(all);
  const byGroup = (group: string) => index.get(group);
  const next = (set: RecordSet): string[] => {
    const target = set.AliasTarget;
    if (!target || !isWithin(target.DNSName, wanted.zone)) return [];
    return [groupOf({ Name: target.DNSName, Type: set.Type })];
  };
  return wanted.sets.flatMap((set): Finding[] => {
    const [first] = next(set);
    if (first === undefined) return [];
    const seen = new Set([first]);
    for (const group of seen) for (const other of (byGroup(group) ?? []).flatMap(next)) seen.add(other);
    if (seen.has(groupOf(set))) return [{ ...error(`${titleOf(set)} leads back to itself`), set }];
    if (
      byGroup(first) === undefined &&
      (others.length > 0 || wanted.sets.every(({ Name }) => Name !== set.AliasTarget!.DNSName))
    )
      return [
        {
          ...error(
            `${titleOf(set)} leads to ${first}, which is not there`,
            'an alias inside a zone has the type of the record that it leads to',
          ),
          set,
        },
      ];
    return [];
  });
}
