import { BlockList, isIPv6 } from 'node:net';
import { distance, type Point, regions } from '../places/locations.ts';
import type { RecordSet } from '../record.ts';
import type { Client } from './client.ts';

/** The sets of a geolocation group that are for a client, the smallest place first. */
export function byPlace(
  sets: readonly RecordSet[],
  { country, state, continent }: Client,
): readonly RecordSet[] {
  const found = (is: (location: NonNullable<RecordSet['GeoLocation']>) => boolean) =>
    sets.filter(({ GeoLocation }) => GeoLocation !== undefined && is(GeoLocation));
  const isStateless = (code: string | undefined) => code === undefined || code === '*';
  return [
    ...(state === undefined
      ? []
      : found(({ CountryCode, SubdivisionCode }) => CountryCode === country && SubdivisionCode === state)),
    // one that Route 53 has no addresses of is none that it can tell
    ...(country === undefined || continent === undefined
      ? []
      : found(({ CountryCode, SubdivisionCode }) => CountryCode === country && isStateless(SubdivisionCode))),
    ...(continent === undefined ? [] : found(({ ContinentCode }) => ContinentCode === continent)),
    ...found(({ CountryCode }) => CountryCode === '*'),
  ];
}

/** A set with how far it is, in kilometres; the nearest first. */
export interface Distant {
  readonly set: RecordSet;
  readonly far: number;
}

/**
 * The sets of a latency or geoproximity group by their distance. Route 53 goes by measured times for latency, which
 * nobody else has: distance is a guess at them. For geoproximity it is the rule, bent by the bias.
 */
export function byDistance(sets: readonly RecordSet[], { point }: Client): readonly Distant[] {
  return sets
    .map((set) => {
      const place = placeOf(set);
      const far = point && place ? distance(point, place) : Number.POSITIVE_INFINITY;
      return { set, far: bent(far, set.GeoProximityLocation?.Bias ?? 0) };
    })
    .toSorted((a, b) => a.far - b.far);
}

function placeOf({ Region, GeoProximityLocation: near }: RecordSet): Point | undefined {
  const coordinates = near?.Coordinates;
  if (coordinates)
    return { latitude: Number(coordinates.Latitude), longitude: Number(coordinates.Longitude) };
  // a Local Zone group begins with its Region: us-east-1-bue-1
  const region = Region ?? near?.AWSRegion ?? near?.LocalZoneGroup?.split('-').slice(0, 3).join('-');
  return region === undefined ? undefined : regions.get(region);
}

/** Geoproximity routing, "Biased distance". */
function bent(far: number, bias: number): number {
  return bias >= 0 ? far * (1 - bias / 100) : far / (1 + bias / 100);
}

/** The set of a group of IP-based routing for an address; networks by location. */
export function byNetwork(
  sets: readonly RecordSet[],
  { address }: Client,
  networks: Readonly<Record<string, readonly string[]>>,
): readonly RecordSet[] {
  const fallback = sets.filter(({ CidrRoutingConfig }) => CidrRoutingConfig?.LocationName === '*');
  if (address === undefined) return fallback;
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const fitting = sets.flatMap((set) =>
    (networks[set.CidrRoutingConfig?.LocationName ?? ''] ?? []).flatMap((network) => {
      const [base = '', bits = ''] = network.split('/');
      const list = new BlockList();
      list.addSubnet(base, Number(bits), isIPv6(base) ? 'ipv6' : 'ipv4');
      return list.check(address, family) ? [{ set, bits: Number(bits) }] : [];
    }),
  );
  const longest = fitting.toSorted((a, b) => b.bits - a.bits)[0];
  return longest ? [longest.set, ...fallback] : fallback;
}
