import type { GeoLocation } from '../record.ts';
import { COUNTRY_LINES, REGION_LINES, STATE_LINES } from './data.ts';

/** Degrees north and east. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** A country or a state of the United States. */
export interface Place extends Point {
  /** Two letters. */
  readonly code: string;
  readonly name: string;
  /** As Route 53 counts it; undefined where it knows no addresses of the country. */
  readonly continent: string | undefined;
}

/** Codes of the continents that Route 53 has (GeoLocation data type of its API). */
export const CONTINENTS: Readonly<Record<string, string>> = {
  AF: 'Africa',
  AN: 'Antarctica',
  AS: 'Asia',
  EU: 'Europe',
  NA: 'North America',
  OC: 'Oceania',
  SA: 'South America',
};

/** All of ISO 3166-1 and XK, by code. */
export const countries: ReadonlyMap<string, Place> = new Map(
  COUNTRY_LINES.split('\n').map((line) => {
    const [code, continent, latitude, longitude, ...name] = line.split(' ');
    const known = continent === '--' ? undefined : continent;
    return [code!, place(code!, known, latitude!, longitude!, name)];
  }),
);

/** The states, by code. */
export const states: ReadonlyMap<string, Place> = new Map(
  STATE_LINES.split('\n').map((line) => {
    const [code, latitude, longitude, ...name] = line.split(' ');
    return [code!, place(code!, 'NA', latitude!, longitude!, name)];
  }),
);

/** Regions that records of latency and geoproximity may name. */
export const regions: ReadonlyMap<string, Point> = new Map(
  REGION_LINES.split('\n').map((line) => {
    const [name, latitude, longitude] = line.split(' ');
    return [name!, { latitude: Number(latitude), longitude: Number(longitude) }];
  }),
);

function place(
  code: string,
  continent: string | undefined,
  latitude: string,
  longitude: string,
  name: readonly string[],
): Place {
  return {
    code,
    name: name.join(' '),
    continent,
    latitude: Number(latitude),
    longitude: Number(longitude),
  };
}

/** A location as people write it: `default`, `continent:EU`, `country:DE` or `us:CA`; undefined for any other text. */
export function readLocation(text: string): GeoLocation | undefined {
  if (text === 'default') return { CountryCode: '*' };
  const [, kind, code] = /^(continent|country|us):([A-Za-z*]{1,3})$/u.exec(text) ?? [];
  if (code === undefined) return undefined;
  const upper = code.toUpperCase();
  if (kind === 'continent') return { ContinentCode: upper };
  return kind === 'country' ? { CountryCode: upper } : { CountryCode: 'US', SubdivisionCode: upper };
}

/** The same text of a location. */
export function writeLocation({ ContinentCode, CountryCode, SubdivisionCode }: GeoLocation): string {
  if (ContinentCode !== undefined) return `continent:${ContinentCode}`;
  if (SubdivisionCode !== undefined && SubdivisionCode !== '*') return `us:${SubdivisionCode}`;
  return CountryCode === '*' ? 'default' : `country:${CountryCode}`;
}

/** A location in words: `California`, `Germany`, `Europe`. */
export function nameLocation({ ContinentCode, CountryCode, SubdivisionCode }: GeoLocation): string {
  if (ContinentCode !== undefined) return CONTINENTS[ContinentCode] ?? ContinentCode;
  if (SubdivisionCode !== undefined && SubdivisionCode !== '*')
    return states.get(SubdivisionCode)?.name ?? SubdivisionCode;
  if (CountryCode === '*') return 'everywhere else';
  return countries.get(CountryCode ?? '')?.name ?? CountryCode ?? '';
}

/** Kilometres over the surface of the earth. */
export function distance(a: Point, b: Point): number {
  const rad = Math.PI / 180;
  const [north, east] = [(b.latitude - a.latitude) * rad, (b.longitude - a.longitude) * rad];
  const half =
    Math.sin(north / 2) ** 2 +
    Math.cos(a.latitude * rad) * Math.cos(b.latitude * rad) * Math.sin(east / 2) ** 2;
  return 12_742 * Math.asin(Math.min(1, Math.sqrt(half)));
}
