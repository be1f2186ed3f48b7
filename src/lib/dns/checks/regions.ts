import { nearest } from '../../nearest.ts';
import { regions as known } from '../places/locations.ts';
import { titleOf } from '../record.ts';
import { type Check, error, type Finding, forSets } from './check.ts';

export const regions: Check = {
  id: 'regions',
  summary: 'Regions are those that Route 53 routes by',
  find: forSets((set) => {
    const region = set.Region ?? set.GeoProximityLocation?.AWSRegion;
    return region === undefined || known.has(region) ? [] : [unknown(titleOf(set), region)];
  }),
};

function unknown(title: string, region: string): Omit<Finding, 'set'> {
  const close = nearest(region, known.keys());
  return error(
    `${title}: Route 53 has no Region ${region}`,
    close === undefined ? 'name one such as us-east-1' : `did you mean ${close}?`,
  );
}
