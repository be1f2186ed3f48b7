import { canonical } from '../names.ts';
import { readLocation } from '../places/locations.ts';
import { type RecordSet, shown } from '../record.ts';
import { namePrefix, wantedCheck } from './health.ts';
import { nested } from './nest.ts';
import { readTarget, type Target } from './targets.ts';
import {
  type AnswerWish,
  type NameWish,
  type Place,
  THIS_ZONE,
  type Wanted,
  type WantedCheck,
  type WantedCollection,
  type Wish,
} from './wanted.ts';

/** Seconds that resolvers keep an answer where nothing else is said: Route 53 advises 60 or less with health checks. */
const TTL = 60;

/** Something wrong with what was written, at its place. */
export interface Complaint {
  readonly message: string;
  readonly hint?: string;
  readonly at: Place;
}

/** The records that a wish means. Whether they are any good, checks say; here is told what cannot be read at all. */
export function build(asked: Wish): { readonly wanted: Wanted; readonly complaints: readonly Complaint[] } {
  const wish = nested(withRegions(asked));
  const complaints: Complaint[] = [];
  const sets: RecordSet[] = [];
  const places = new Map<RecordSet, Place>();
  const checks = new Map<string, WantedCheck>();
  const collections: WantedCollection[] = [];
  for (const name of wish.names) {
    const collection = collectionOf(name, wish);
    if (collection) collections.push(collection);
    for (const answer of name.answers) {
      const targets = targetsOf(answer, wish, complaints);
      const routing = routingOf(name, answer, wish);
      if (typeof routing === 'string') {
        complaints.push({ message: routing, at: answer.at });
        continue;
      }
      for (const set of setsOf(name, answer, targets, routing, checks, wish)) {
        sets.push(set);
        places.set(set, answer.at);
      }
    }
  }
  return {
    wanted: withAliasTypes({
      ...wish,
      zone: canonical(wish.zone),
      sets,
      places,
      checks: [...checks.values()],
      collections,
    }),
    complaints,
  };
}

/** Latency without answers of its own leads to every Region that has addresses. */
function withRegions(wish: Wish): Wish {
  const names = wish.names.map((name) =>
    name.answers.length > 0 || name.policy !== 'latency'
      ? name
      : {
          ...name,
          answers: Object.keys(wish.regions).map((region) => ({ key: region, to: [region], at: name.at })),
        },
  );
  return { ...wish, names };
}

function targetsOf({ to, at }: AnswerWish, { zone, regions }: Wish, complaints: Complaint[]): Target[] {
  const texts = to.flatMap((text) => regions[text] ?? [text]);
  return texts.flatMap((text) => {
    const target = readTarget(text, zone);
    if (typeof target !== 'string') return [target];
    complaints.push({ message: target, at });
    return [];
  });
}

/** The fields of a policy; in words what is wrong where the key does not say it. */
function routingOf(
  { name, policy }: NameWish,
  { key, weight, bias }: AnswerWish,
  wish: Wish,
): Partial<RecordSet> | string {
  switch (policy) {
    case 'simple':
      return {};
    case 'latency':
      return { SetIdentifier: key, Region: key };
    case 'geolocation': {
      const location = readLocation(key);
      if (location === undefined)
        return `${JSON.stringify(key)} is no location; write default, continent:EU, country:DE or us:CA`;
      return { SetIdentifier: key, GeoLocation: location };
    }
    case 'weighted':
      return { SetIdentifier: key, Weight: weight ?? 1 };
    case 'failover':
      if (!/^(?:primary|secondary)$/u.test(key))
        return `${JSON.stringify(key)} is neither primary nor secondary`;
      return { SetIdentifier: key, Failover: key.toUpperCase() };
    case 'multivalue':
      return { SetIdentifier: key, MultiValueAnswer: true };
    case 'geoproximity':
      return { SetIdentifier: key, GeoProximityLocation: proximityOf(key, bias) };
    case 'cidr':
      return {
        SetIdentifier: key,
        CidrRoutingConfig: {
          CollectionId: collectionName(name, wish),
          LocationName: key === 'default' ? '*' : key,
        },
      };
  }
}

function proximityOf(key: string, bias: number | undefined): NonNullable<RecordSet['GeoProximityLocation']> {
  const more = bias === undefined ? {} : { Bias: bias };
  const [, latitude, longitude] = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/u.exec(key) ?? [];
  if (latitude !== undefined && longitude !== undefined)
    return { Coordinates: { Latitude: latitude, Longitude: longitude }, ...more };
  // a Local Zone group has its Region in front: us-east-1-bue-1
  if (/^[a-z]+(?:-[a-z]+)+-\d-[a-z]+-\d$/u.test(key)) return { LocalZoneGroup: key, ...more };
  return { AWSRegion: key, ...more };
}

/** One set a type; multivalue has one a value. */
function setsOf(
  { name, policy, ttl, health: common }: NameWish,
  { health = common, key }: AnswerWish,
  targets: readonly Target[],
  routing: Partial<RecordSet>,
  checks: Map<string, WantedCheck>,
  wish: Wish,
): RecordSet[] {
  const Name = canonical(name);
  const checked = (value: string): Partial<RecordSet> => {
    if (health === undefined || health === false) return {};
    if (typeof health === 'string') return { HealthCheckId: health };
    const check = wantedCheck(health, Name, value, wish);
    checks.set(check.reference, check);
    return { HealthCheckId: check.reference };
  };
  const aliases = targets.flatMap((target): RecordSet[] => {
    if (target.type !== 'alias') return [];
    const own = typeof health === 'string' ? { HealthCheckId: health } : {};
    const types = target.alias.DNSName.startsWith('dualstack.') ? ['A', 'AAAA'] : ['A'];
    return types.map((Type) => ({ Name, Type, ...routing, AliasTarget: target.alias, ...own }));
  });
  const records = (['A', 'AAAA', 'CNAME'] as const).flatMap((Type): RecordSet[] => {
    const values = targets.flatMap((target) => (target.type === Type ? [target.value] : []));
    if (values.length === 0) return [];
    const parts = policy === 'multivalue' ? values.map((value) => [value]) : [values];
    return parts.map((part) => ({
      Name,
      Type,
      ...routing,
      ...(policy === 'multivalue' && key === '' ? { SetIdentifier: part[0]! } : {}),
      TTL: ttl ?? TTL,
      ResourceRecords: part.map((Value) => ({ Value })),
      ...checked(part[0]!),
    }));
  });
  return [...aliases, ...records];
}

/** Whose it is stands in front, as with health checks: collections have no tags. */
function collectionName(name: string, of: Wish): string {
  const words = shown(canonical(name)).replaceAll(/[^a-z0-9_-]/gu, '-');
  return `${namePrefix(of, canonical(name))}${words}`.slice(0, 64);
}

function collectionOf({ name, policy, answers }: NameWish, of: Wish): WantedCollection | undefined {
  if (policy !== 'cidr') return undefined;
  const own = answers.filter(({ key }) => key !== 'default');
  return {
    name: collectionName(name, of),
    locations: Object.fromEntries(own.map(({ key, networks = [] }) => [key, networks])),
  };
}

/** An alias inside the zone has the types of the records that it leads to, as far as they are spoken of. */
function withAliasTypes(wanted: Wanted): Wanted {
  const places = new Map<RecordSet, Place>();
  const typesOf = new Map<string, string[]>();
  for (const set of wanted.sets) {
    if (set.AliasTarget?.HostedZoneId === THIS_ZONE) continue;
    const types = typesOf.get(set.Name) ?? [];
    if (!types.includes(set.Type)) typesOf.set(set.Name, [...types, set.Type]);
  }
  const typesAt = (name: string, seen: readonly string[] = []): readonly string[] => {
    const known = typesOf.get(name);
    if (known || seen.includes(name)) return known ?? ['A'];
    const next = wanted.sets.find((set) => set.Name === name)?.AliasTarget;
    return next?.HostedZoneId === THIS_ZONE ? typesAt(next.DNSName, [...seen, name]) : ['A'];
  };
  const sets = wanted.sets.flatMap((set) => {
    const { AliasTarget: alias } = set;
    const types = alias?.HostedZoneId === THIS_ZONE ? typesAt(alias.DNSName) : [set.Type];
    return types.map((Type) => {
      const typed = Type === set.Type ? set : { ...set, Type };
      places.set(typed, wanted.places.get(set)!);
      return typed;
    });
  });
  return { ...wanted, sets, places };
}

/** With the ids that only Route 53 knows: of the zone, of health checks and of collections. */
export function withIds(wanted: Wanted, zoneId: string, ids: ReadonlyMap<string, string>): Wanted {
  const places = new Map<RecordSet, Place>();
  const sets = wanted.sets.map((set) => {
    const { AliasTarget: alias, HealthCheckId: check, CidrRoutingConfig: cidr } = set;
    const next: RecordSet = {
      ...set,
      ...(alias?.HostedZoneId === THIS_ZONE ? { AliasTarget: { ...alias, HostedZoneId: zoneId } } : {}),
      ...(check === undefined ? {} : { HealthCheckId: ids.get(check) ?? check }),
      ...(cidr
        ? { CidrRoutingConfig: { ...cidr, CollectionId: ids.get(cidr.CollectionId) ?? cidr.CollectionId } }
        : {}),
    };
    places.set(next, wanted.places.get(set) ?? []);
    return next;
  });
  return { ...wanted, sets, places };
}
