import { isWithin, nameFault } from '../names.ts';
import { ownershipName } from '../change/ownership.ts';
import { shown } from '../record.ts';
import { type Check, error, forSets } from './check.ts';

export const names: Check = {
  id: 'names',
  summary: 'names are names, and those of the zone',
  find: forSets((set, { wanted: { zone } }) => {
    const fault = nameFault(set.Name);
    if (fault !== undefined) return [error(`${shown(set.Name)} ${fault}`)];
    if (!isWithin(set.Name, zone))
      return [
        error(
          `${shown(set.Name)} is not in the zone ${shown(zone)}`,
          `a record of this zone ends in .${shown(zone)}`,
        ),
      ];
    const owner = nameFault(ownershipName(set.Name, set.Type));
    return owner === undefined
      ? []
      : [error(`${shown(set.Name)} leaves no room for the record that says whose it is, which ${owner}`)];
  }),
};
