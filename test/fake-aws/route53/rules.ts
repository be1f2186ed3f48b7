import { isIPv4, isIPv6 } from 'node:net';
import { ResourceRecordSetRegion } from '@aws-sdk/client-route-53';
import { iso31661, iso31662 } from 'iso-3166';
import type { FakeSet, FakeZone, Route53State } from './state.ts';

const POLICIES = [
  'Weight',
  'Region',
  'Failover',
  'GeoLocation',
  'MultiValueAnswer',
  'GeoProximityLocation',
  'CidrRoutingConfig',
] as const;
const CONTINENTS = new Set(['AF', 'AN', 'AS', 'EU', 'OC', 'NA', 'SA']);
const UNKNOWN = new Set(['BV', 'CX', 'EH', 'HM']);
const COUNTRIES = new Set([...iso31661.map(({ alpha2 }) => alpha2), 'XK', '*']);
const TERRITORIES = new Set(['AS', 'GU', 'MP', 'PR', 'UM', 'VI']);
const STATES = new Set(
  iso31662
    .flatMap(({ code }) => (code.startsWith('US-') ? [code.slice(3)] : []))
    .filter((code) => !TERRITORIES.has(code)),
);
const REGIONS: readonly string[] = Object.values(ResourceRecordSetRegion);

/** How Route 53 names a change in its messages. */
function described(action: string, { Name, Type, SetIdentifier }: FakeSet): string {
  const id = SetIdentifier === undefined ? '' : `, SetIdentifier=${SetIdentifier}`;
  return `[Action=${action}, Name=${Name}, Type=${Type}${id}]`;
}

/** What is wrong with the form of a change, whatever there is: answered as InvalidInput. */
export function inputFault(action: string, set: FakeSet): string | undefined {
  const where = `in Change with ${described(action, set)}`;
  const policies = POLICIES.filter((field) => set[field] !== undefined);
  const constraint = (field: string, value: unknown, rule: string) =>
    `Value '${String(value)}' at '${field}' failed to satisfy constraint: Member must ${rule}`;
  const {
    SetIdentifier: id,
    AliasTarget: alias,
    TTL,
    Values,
    Weight,
    GeoLocation: geo,
    GeoProximityLocation: near,
  } = set;
  if (id !== undefined && (id.length < 1 || id.length > 128))
    return constraint('SetIdentifier', id, 'have length less than or equal to 128');
  if (Weight !== undefined && (!Number.isInteger(Weight) || Weight < 0 || Weight > 255))
    return constraint('Weight', Weight, 'have value less than or equal to 255');
  if (set.Region !== undefined && !REGIONS.includes(set.Region))
    return constraint('Region', set.Region, 'satisfy enum value set');
  if (near?.Bias !== undefined && Math.abs(near.Bias) > 99)
    return constraint('Bias', near.Bias, 'have value between -99 and 99');
  if (policies.length > 1)
    return `Invalid request: Expected exactly one of [${POLICIES.join(', ')}], but found more than one ${where}`;
  if (policies.length === 0 && id !== undefined)
    return `Invalid request: Expected exactly one of [${POLICIES.join(', ')}], but found none ${where}, SetIdentifier=${id}`;
  if (policies.length === 1 && id === undefined)
    return `Invalid request: Missing field 'SetIdentifier' ${where}`;
  if (alias && (TTL !== undefined || Values !== undefined))
    return `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found more than one ${where}`;
  if (!alias && (TTL === undefined || (Values ?? []).length === 0))
    return `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none ${where}`;
  if (TTL !== undefined && (TTL < 0 || TTL > 2_147_483_647))
    return constraint('TTL', TTL, 'have value less than or equal to 2147483647');
  if (
    near &&
    [near.AWSRegion, near.LocalZoneGroup, near.Coordinates].filter((part) => part !== undefined).length !== 1
  )
    return `Invalid request: Expected exactly one of [AWSRegion, LocalZoneGroup, Coordinates] ${where}`;
  return geo && geoFault(geo, where);
}

function geoFault(
  { ContinentCode, CountryCode, SubdivisionCode }: Record<string, string>,
  where: string,
): string | undefined {
  if (ContinentCode !== undefined) {
    if (CountryCode !== undefined || SubdivisionCode !== undefined)
      return `Invalid request: ContinentCode with CountryCode or SubdivisionCode ${where}`;
    return CONTINENTS.has(ContinentCode) ? undefined : `Invalid geo location ${ContinentCode} ${where}`;
  }
  if (CountryCode === undefined || !COUNTRIES.has(CountryCode) || UNKNOWN.has(CountryCode))
    return `Invalid geo location ${CountryCode} ${where}`;
  if (SubdivisionCode === undefined) return undefined;
  return CountryCode === 'US' && STATES.has(SubdivisionCode)
    ? undefined
    : `Invalid geo location: SubdivisionCode ${SubdivisionCode} ${where}`;
}

/** What is wrong with a new set beside what the zone holds by then: a message of InvalidChangeBatch. */
export function batchFault(set: FakeSet, zone: FakeZone, state: Route53State): string | undefined {
  const { Name, Type, SetIdentifier: id } = set;
  const title = `RRSet of type ${Type} with DNS name ${Name}`;
  const group = zone.sets.filter((other) => other.Name === Name && other.Type === Type);
  if (Name !== zone.name && !Name.endsWith(`.${zone.name}`))
    return `RRSet with DNS name ${Name} is not permitted in zone ${zone.name}`;
  if (Name.split('.').some((label) => label.length > 63))
    return `FATAL problem: DomainLabelTooLong (Domain label is too long) encountered with '${Name}'`;
  if (Type === 'CNAME' && Name === zone.name)
    return `${title} is not permitted at apex in zone ${zone.name}; RRSet: CNAME is not permitted at apex`;
  const others = zone.sets.filter((other) => other.Name === Name && other.Type !== Type);
  if (others.some((other) => Type === 'CNAME' || other.Type === 'CNAME'))
    return `${title} is not permitted as it conflicts with other records with the same DNS name in zone ${zone.name}`;
  const values = valueFault(set);
  if (values !== undefined) return values;
  if (group.some((other) => other.SetIdentifier === id))
    return `Tried to create resource record set [name='${Name}', type='${Type}'${id === undefined ? '' : `, set identifier='${id}'`}] but it already exists`;
  const policy = (of: FakeSet) => POLICIES.find((field) => of[field] !== undefined);
  if (group.some((other) => policy(other) !== policy(set)))
    return `RRSet with DNS name ${Name}, type ${Type}, SetIdentifier ${id} conflicts with an RRSet of another routing policy: all must have the same type of routing`;
  const place = (of: FakeSet) =>
    JSON.stringify([
      of.GeoLocation?.['ContinentCode'],
      of.GeoLocation?.['CountryCode'],
      of.GeoLocation?.['SubdivisionCode'],
    ]);
  if (set.GeoLocation && group.some((other) => place(other) === place(set)))
    return `RRSet with DNS name ${Name}, type ${Type} with the same geolocation already exists`;
  if (set.Region !== undefined && group.some(({ Region }) => Region === set.Region))
    return `RRSet with DNS name ${Name}, type ${Type} with the same region ${set.Region} already exists`;
  if (set.Failover !== undefined && group.some(({ Failover }) => Failover === set.Failover))
    return `RRSet with DNS name ${Name}, type ${Type}: failover ${set.Failover} already exists`;
  if (set.Weight !== undefined && group.length >= 100) return `${title}: more than 100 weighted RRSets`;
  if (
    set.HealthCheckId !== undefined &&
    state.checks.length > 0 &&
    !state.checks.some((check) => check.id === set.HealthCheckId)
  )
    return `Health check ${set.HealthCheckId} was not found`;
  if (set.Failover !== undefined && set.AliasTarget && !set.AliasTarget.EvaluateTargetHealth)
    return `${title}: a failover alias needs EvaluateTargetHealth`;
  if (
    set.CidrRoutingConfig &&
    !state.collections.some((collection) => collection.id === set.CidrRoutingConfig!.CollectionId)
  )
    return `CIDR collection ${set.CidrRoutingConfig.CollectionId} was not found`;
  return targetFault(set, zone);
}

function valueFault({ Type, Values = [], Region, Weight, MultiValueAnswer }: FakeSet): string | undefined {
  const fatal = (what: string, value: string) =>
    `Invalid Resource Record: 'FATAL problem: ${what} encountered with '${value}''`;
  if (new Set(Values).size < Values.length)
    return `Duplicate Resource Record: '${Values.find((value, index) => Values.indexOf(value) !== index)}'`;
  if (Values.length > 1 && [Region, Weight, MultiValueAnswer].some((field) => field !== undefined))
    return 'A latency, weighted or multivalue RRSet must contain exactly one ResourceRecord';
  if (Type === 'CNAME' && Values.length > 1) return 'A CNAME RRSet must contain exactly one ResourceRecord';
  for (const value of Values) {
    if (Type === 'A' && !isIPv4(value))
      return fatal('ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)', value);
    if (Type === 'AAAA' && !isIPv6(value))
      return fatal('AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)', value);
    if (Type === 'TXT' && !value.startsWith('"'))
      return fatal('InvalidCharacterString (Value should be enclosed in quotation marks)', value);
  }
  return undefined;
}

function targetFault({ AliasTarget: target, Type }: FakeSet, zone: FakeZone): string | undefined {
  if (!target || target.HostedZoneId !== zone.id) return undefined;
  if (zone.sets.some((other) => other.Name === target.DNSName && other.Type === Type)) return undefined;
  return `Tried to create an alias that targets ${target.DNSName}, type ${Type} in zone ${zone.id}, but the alias target name was not found`;
}
