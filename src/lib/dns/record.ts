import { isIP } from 'node:net';

/** Where a client is, as Route 53 writes it: one continent, one country (`*` is the default), or a state of US. */
export interface GeoLocation {
  readonly ContinentCode?: string;
  readonly CountryCode?: string;
  readonly SubdivisionCode?: string;
}

interface GeoProximityLocation {
  readonly AWSRegion?: string;
  readonly LocalZoneGroup?: string;
  /** Degrees, as text. */
  readonly Coordinates?: { readonly Latitude: string; readonly Longitude: string };
  /** -99 to 99; draws in clients from farther away, or fewer. */
  readonly Bias?: number;
}

export interface AliasTarget {
  readonly HostedZoneId: string;
  readonly DNSName: string;
  readonly EvaluateTargetHealth: boolean;
}

/** A record set in Route 53's own form, as `aws route53 list-resource-record-sets` prints it. */
export interface RecordSet {
  /** Lower case, with a dot at the end. */
  readonly Name: string;
  readonly Type: string;
  readonly SetIdentifier?: string;
  readonly Weight?: number;
  readonly Region?: string;
  readonly GeoLocation?: GeoLocation;
  readonly Failover?: string;
  readonly MultiValueAnswer?: boolean;
  readonly GeoProximityLocation?: GeoProximityLocation;
  readonly CidrRoutingConfig?: { readonly CollectionId: string; readonly LocationName: string };
  /** Seconds. */
  readonly TTL?: number;
  readonly ResourceRecords?: readonly { readonly Value: string }[];
  readonly AliasTarget?: AliasTarget;
  readonly HealthCheckId?: string;
}

/** How Route 53 chooses among the record sets of a name and type. */
export type Policy =
  | 'simple'
  | 'latency'
  | 'geolocation'
  | 'weighted'
  | 'failover'
  | 'multivalue'
  | 'geoproximity'
  | 'cidr';

/** The field that makes a record set one of a policy. */
const FIELDS: readonly (readonly [Policy, keyof RecordSet])[] = [
  ['latency', 'Region'],
  ['geolocation', 'GeoLocation'],
  ['weighted', 'Weight'],
  ['failover', 'Failover'],
  ['multivalue', 'MultiValueAnswer'],
  ['geoproximity', 'GeoProximityLocation'],
  ['cidr', 'CidrRoutingConfig'],
];

/** All policies that a record set has fields of; more than one is a fault. */
export function policiesOf(set: RecordSet): readonly Policy[] {
  const found = FIELDS.filter(([, field]) => set[field] !== undefined && set[field] !== false);
  return found.length === 0 ? ['simple'] : found.map(([policy]) => policy);
}

export function policyOf(set: RecordSet): Policy {
  return policiesOf(set)[0]!;
}

/** `www.example.com A`, which all sets of a group share. */
export function groupOf({ Name, Type }: Pick<RecordSet, 'Name' | 'Type'>): string {
  return `${Name} ${Type}`;
}

/** What tells a set from all others of its zone. */
export function keyOf(set: RecordSet): string {
  return `${groupOf(set)} ${set.SetIdentifier ?? ''}`;
}

/** As people write it: without the dot at the end, and with its identifier. */
export function titleOf(set: RecordSet): string {
  const id = set.SetIdentifier === undefined ? '' : ` (${set.SetIdentifier})`;
  return `${shown(set.Name)} ${set.Type}${id}`;
}

/** A name without the dot at its end. */
export function shown(name: string): string {
  return name.replace(/\.$/u, '').replaceAll('\\052', '*');
}

export function valuesOf({ ResourceRecords = [] }: RecordSet): readonly string[] {
  return ResourceRecords.map(({ Value }) => Value);
}

/** Sets by name and type, in the order in which they come. */
export function groups<Set extends RecordSet>(sets: readonly Set[]): ReadonlyMap<string, readonly Set[]> {
  const found = new Map<string, Set[]>();
  for (const set of sets) {
    const group = found.get(groupOf(set));
    if (group) group.push(set);
    else found.set(groupOf(set), [set]);
  }
  return found;
}

/** The type of record that holds such a value; undefined for what is no address. */
export function addressType(value: string): 'A' | 'AAAA' | undefined {
  return ({ 4: 'A', 6: 'AAAA' } as const)[isIP(value)];
}
