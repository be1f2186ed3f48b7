import type { RecordSet } from '../record.ts';

/**
 * A record set as text that is the same for sets that answer the same: the order of values and of keys counts for
 * nothing, and what Route 53 leaves out or fills in neither.
 */
export function textOf(set: RecordSet): string {
  const { ResourceRecords: records, MultiValueAnswer: multi, GeoProximityLocation: near, ...rest } = set;
  const { Bias, ...place } = near ?? {};
  return sorted({
    ...rest,
    ...(records === undefined ? {} : { ResourceRecords: records.map(({ Value }) => Value).toSorted() }),
    ...(multi === true ? { MultiValueAnswer: true } : {}),
    ...(near === undefined ? {} : { GeoProximityLocation: { ...place, ...(Bias ? { Bias } : {}) } }),
  });
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(
      Object.entries(inner)
        .filter(([, part]) => part !== undefined)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  });
}
