import { writeLocation } from '../places/locations.ts';
import { type Check, error, forPolicy } from './check.ts';

export const defaultLocation: Check = {
  id: 'default-location',
  summary: 'geolocation and IP-based routing have an answer for everyone else',
  find: (subject) => [
    ...forPolicy('geolocation', ({ title, sets }) =>
      sets.some(({ GeoLocation }) => GeoLocation && writeLocation(GeoLocation) === 'default')
        ? []
        : [
            {
              ...error(
                `${title} has no default location: clients from elsewhere, and those whose place is not known, get no answer at all`,
                'add one: default=ADDRESS',
              ),
              set: sets[0],
            },
          ],
    )(subject),
    ...forPolicy('cidr', ({ title, sets }) =>
      sets.some(({ CidrRoutingConfig }) => CidrRoutingConfig?.LocationName === '*')
        ? []
        : [
            {
              ...error(
                `${title} has no default: clients from other networks get no answer at all`,
                'add one: default=ADDRESS',
              ),
              set: sets[0],
            },
          ],
    )(subject),
  ],
};
