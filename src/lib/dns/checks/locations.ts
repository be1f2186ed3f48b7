import { nearest } from '../../nearest.ts';
import { CONTINENTS, countries, states } from '../places/locations.ts';
import type { GeoLocation } from '../record.ts';
import { titleOf } from '../record.ts';
import { type Check, error, forSets } from './check.ts';

export const locations: Check = {
  id: 'locations',
  summary: 'locations are those that Route 53 has',
  find: forSets((set) => {
    const fault = set.GeoLocation && faultOf(set.GeoLocation);
    return fault ? [error(`${titleOf(set)}: ${fault[0]}`, fault[1])] : [];
  }),
};

function faultOf(location: GeoLocation): readonly [message: string, hint?: string | undefined] | undefined {
  const { ContinentCode: continent, CountryCode: country, SubdivisionCode: state } = location;
  if (continent !== undefined) {
    if (country !== undefined || state !== undefined) return ['a continent stands alone, without a country'];
    if (Object.hasOwn(CONTINENTS, continent)) return undefined;
    return [`there is no continent ${continent}`, `there are ${Object.keys(CONTINENTS).join(', ')}`];
  }
  if (country === undefined) return ['the location is empty'];
  if (country === '*') return state === undefined ? undefined : ['the default has no states'];
  const found = countries.get(country);
  if (!found) return [`there is no country ${country}`, countryHint(country)];
  if (found.continent === undefined)
    return [
      `Route 53 knows no addresses of ${found.name} (${country}), and takes no record for it`,
      'its clients get the default',
    ];
  if (state === undefined) return undefined;
  if (country !== 'US') return [`states are those of the United States, and not of ${found.name}`];
  if (states.has(state)) return undefined;
  if (countries.has(state))
    return [
      `${state} is no state of the United States`,
      `for ${countries.get(state)!.name} write country:${state}`,
    ];
  return [`there is no state ${state}`, hintFor(state, states.keys())];
}

function countryHint(code: string): string | undefined {
  if (code === 'UK') return 'the United Kingdom is GB';
  return hintFor(code, countries.keys());
}

function hintFor(code: string, known: Iterable<string>): string {
  const close = nearest(code, known);
  return close === undefined ? 'codes are those of ISO 3166: two letters' : `did you mean ${close}?`;
}
