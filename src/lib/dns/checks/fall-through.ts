import { CONTINENTS, countries } from '../places/locations.ts';
import { type Check, forPolicy, warning } from './check.ts';

/** Countries of states that lie on other continents for Route 53 (Location, in its guide). */
const FAR: Readonly<Record<string, string>> = {
  FR: 'GF GP MF MQ NC PF PM RE TF WF YT BL',
  GB: 'AI BM FK IO KY MS PN SH TC VG',
  NL: 'AW BQ CW SX',
  US: 'AS GU MP UM',
  DK: 'GL',
};

export const fallThrough: Check = {
  id: 'fall-through',
  summary: 'the neighbours of a country that has a record do not fall to the default by oversight',
  find: forPolicy('geolocation', ({ title, sets }) => {
    const places = sets.flatMap(({ GeoLocation }) => (GeoLocation ? [GeoLocation] : []));
    const own = new Set(
      places.flatMap(({ CountryCode: code, SubdivisionCode: state }) =>
        code === undefined || code === '*' || state !== undefined ? [] : [code],
      ),
    );
    const whole = new Set(places.flatMap(({ ContinentCode }) => ContinentCode ?? []));
    const found = [...own].flatMap((code) => countries.get(code)?.continent ?? []);
    const parts = [...new Set(found)].filter((continent) => !whole.has(continent));
    const neighbours = parts.map((continent) => {
      const all = [...countries.values()].filter((country) => country.continent === continent);
      const rest = all.filter(({ code }) => !own.has(code));
      const named = all.filter(({ code }) => own.has(code)).map(({ code }) => code);
      return {
        ...warning(
          `${title} has records for ${named.join(', ')} and none for ${CONTINENTS[continent]}: its ${rest.length} other countries get the default`,
          `if that is not meant, add continent:${continent}=ADDRESS`,
        ),
        set: sets.find(({ GeoLocation }) => GeoLocation?.CountryCode === named[0]) ?? sets[0],
      };
    });
    const far = [...own].flatMap((code) => {
      const rest = (FAR[code] ?? '').split(' ').filter((other) => other !== '' && !own.has(other));
      if (rest.length === 0) return [];
      return [
        {
          ...warning(
            `${title}: a record for ${code} is not one for ${rest.join(', ')}, which are countries of other continents for Route 53`,
            'if they belong together, add records for them',
          ),
          set: sets.find(({ GeoLocation }) => GeoLocation?.CountryCode === code) ?? sets[0],
        },
      ];
    });
    return [...neighbours, ...far];
  }),
};
