import type { Step } from '../../plan/step.ts';
import { writeLocation } from '../places/locations.ts';
import { keyOf, type RecordSet, shown, valuesOf } from '../record.ts';
import { textOf } from './same.ts';
import type { GroupChange } from './diff.ts';

/** A record set in a line: `www.example.com A 60 192.0.2.1 weighted=90 id=blue`. */
export function lineOf(set: RecordSet): string {
  return `${shown(set.Name)} ${set.Type} ${contentOf(set)}`;
}

/** What it answers, to whom, and how it is watched. */
function contentOf(set: RecordSet): string {
  const { AliasTarget: alias, TTL, SetIdentifier: id, HealthCheckId: check } = set;
  const content = alias ? `alias ${shown(alias.DNSName)}` : `${TTL ?? '-'} ${valuesOf(set).join(', ')}`;
  return [
    content,
    routingOf(set),
    ...(id === undefined ? [] : [`id=${id}`]),
    ...(check === undefined ? [] : [`health=${check.startsWith('lbctl-') ? 'new' : check}`]),
  ]
    .filter((part) => part !== '')
    .join('  ');
}

function routingOf(set: RecordSet): string {
  const {
    Weight,
    Region,
    GeoLocation,
    Failover,
    MultiValueAnswer,
    GeoProximityLocation: near,
    CidrRoutingConfig: cidr,
  } = set;
  if (Weight !== undefined) return `weight=${Weight}`;
  if (Region !== undefined) return `latency=${Region}`;
  if (GeoLocation) return `geo=${writeLocation(GeoLocation)}`;
  if (Failover !== undefined) return `failover=${Failover.toLowerCase()}`;
  if (MultiValueAnswer) return 'multivalue';
  if (near) {
    const { AWSRegion, LocalZoneGroup, Coordinates, Bias } = near;
    const place = AWSRegion ?? LocalZoneGroup ?? `${Coordinates?.Latitude},${Coordinates?.Longitude}`;
    return `near=${place}${Bias ? `:${Bias}` : ''}`;
  }
  return cidr ? `cidr=${cidr.LocationName}` : '';
}

/** What differs between two states of some records, a line each: `- was`, `+ is`. */
export function differenceLines(
  before: readonly RecordSet[],
  after: readonly RecordSet[],
): readonly string[] {
  const was = new Map(before.map((set) => [keyOf(set), set]));
  const is = new Map(after.map((set) => [keyOf(set), set]));
  const keys = [...new Set([...was.keys(), ...is.keys()])];
  return keys.flatMap((key) => {
    const [old, now] = [was.get(key), is.get(key)];
    if (old && now && textOf(old) === textOf(now)) return [];
    return [...(old ? [`- ${lineOf(old)}`] : []), ...(now ? [`+ ${lineOf(now)}`] : [])];
  });
}

/** A change of a name and type as a step of a plan. */
export function stepOf({ Name, Type, action, before, after, from }: GroupChange): Step<'records'> {
  const was = new Map(before.map((set) => [keyOf(set), set]));
  const is = new Map(after.map((set) => [keyOf(set), set]));
  const details = [
    ...before.flatMap((set) => (is.has(keyOf(set)) ? [] : [`- ${contentOf(set)}`])),
    ...after.flatMap((set) => {
      const old = was.get(keyOf(set));
      if (!old) return [`+ ${contentOf(set)}`];
      return textOf(old) === textOf(set) ? [] : [`- ${contentOf(old)}`, `+ ${contentOf(set)}`];
    }),
    ...(from === undefined ? [] : [`taken over from ${from === 'nobody' ? 'nobody' : from}`]),
  ];
  return {
    kind: 'records',
    action,
    resource: 'record',
    name: `${shown(Name)} ${Type}`,
    details,
    ...(action === 'delete' ? { traffic: 'clients get no answer for it any more' } : {}),
  };
}
