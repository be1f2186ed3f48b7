import { titleOf } from '../record.ts';
import { type Check, error, type Finding, forSets } from './check.ts';

/** The most that a bias pushes, either way (GeoProximityLocation). */
const BIAS = 99;

export const geoproximity: Check = {
  id: 'geoproximity',
  summary: 'a geoproximity record has one place, on the earth, and a bias from -99 to 99',
  find: forSets((set) => {
    const location = set.GeoProximityLocation;
    if (!location) return [];
    const { AWSRegion, LocalZoneGroup, Coordinates, Bias = 0 } = location;
    const title = titleOf(set);
    const faults: Omit<Finding, 'set'>[] = [];
    if ([AWSRegion, LocalZoneGroup, Coordinates].filter((part) => part !== undefined).length !== 1)
      faults.push(error(`${title} needs one place: a Region, a Local Zone group or coordinates`));
    if (!Number.isInteger(Bias) || Math.abs(Bias) > BIAS)
      faults.push(error(`${title}: a bias is a whole number from -${BIAS} to ${BIAS}, not ${Bias}`));
    const outside = (text: string, most: number) =>
      !/^-?\d{1,3}(?:\.\d{1,2})?$/u.test(text) || Math.abs(Number(text)) > most;
    if (Coordinates && (outside(Coordinates.Latitude, 90) || outside(Coordinates.Longitude, 180)))
      faults.push(
        error(
          `${title}: ${Coordinates.Latitude},${Coordinates.Longitude} is no place on earth`,
          'write latitude,longitude in degrees with at most two decimals, such as 49.22,-74.01',
        ),
      );
    return faults;
  }),
};
