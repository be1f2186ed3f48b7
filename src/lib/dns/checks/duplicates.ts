import { nameLocation, writeLocation } from '../places/locations.ts';
import { type RecordSet } from '../record.ts';
import { type Check, error, groupsOf, repeated } from './check.ts';

/** What no two sets of a group may share, and how it is told. */
const UNIQUE: readonly (readonly [
  valueOf: (set: RecordSet) => string | undefined,
  told: (value: string, set: RecordSet) => string,
])[] = [
  [({ Region }) => Region, (region) => `two latency records for ${region}`],
  [
    ({ GeoLocation: location }) => location && writeLocation(location),
    (_, { GeoLocation }) => `two records for ${nameLocation(GeoLocation!)}`,
  ],
  [
    ({ GeoProximityLocation: { AWSRegion } = {} }) => AWSRegion,
    (region) => `two geoproximity records for ${region}`,
  ],
  [
    ({ CidrRoutingConfig }) => CidrRoutingConfig?.LocationName,
    (name) => `two records for the networks ${name}`,
  ],
];

export const duplicates: Check = {
  id: 'duplicates',
  summary: 'no location and no Region comes twice',
  find: (subject) =>
    groupsOf(subject).flatMap(({ title, sets }) =>
      UNIQUE.flatMap(([valueOf, told]) =>
        repeated(sets, valueOf).map(([value, set]) => ({
          ...error(`${title} has ${told(value, set)}`, 'take one of them out'),
          set,
        })),
      ),
    ),
};
