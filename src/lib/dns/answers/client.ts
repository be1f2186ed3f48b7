import { CONTINENTS, countries, type Place, type Point, states } from '../places/locations.ts';

/** Who asks, as far as it is known. */
export interface Client {
  /** As people write it: `DE`, `us:CA`, or an address. */
  readonly title: string;
  readonly name: string;
  readonly country?: string;
  readonly state?: string;
  readonly continent?: string;
  readonly point?: Point;
  readonly address?: string;
}

function clientIn(place: Place, state?: string): Client {
  const { code, name, continent } = place;
  return {
    title: state === undefined ? code : `us:${state}`,
    name: state === undefined ? name : states.get(state)!.name,
    country: code,
    ...(state === undefined ? {} : { state }),
    ...(continent === undefined ? {} : { continent }),
    point: state === undefined ? place : states.get(state)!,
  };
}

/** Clients of a place: a continent's countries, a country (with its states, where it is the US), or a state. */
export function clientsOf(where: string): readonly Client[] {
  const [, state] = /^us:([A-Z]{2})$/u.exec(where) ?? [];
  const us = countries.get('US')!;
  if (state !== undefined) return states.has(state) ? [clientIn(us, state)] : [];
  if (Object.hasOwn(CONTINENTS, where))
    return [...countries.values()].filter(({ continent }) => continent === where).flatMap(withStates);
  const country = countries.get(where);
  return country ? withStates(country) : [];
}

/** Clients of everywhere. */
export function allClients(): readonly Client[] {
  return [...countries.values()].flatMap(withStates);
}

function withStates(country: Place): readonly Client[] {
  const whole = clientIn(country);
  return country.code === 'US'
    ? [whole, ...[...states.keys()].map((state) => clientIn(country, state))]
    : [whole];
}
