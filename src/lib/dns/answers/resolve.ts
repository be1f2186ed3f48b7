import { policyOf, type RecordSet, shown, valuesOf } from '../record.ts';
import { nameLocation, writeLocation } from '../places/locations.ts';
import type { Client } from './client.ts';
import { type Alive, aliveIn } from './health.ts';
import { byDistance, byNetwork, byPlace } from './order.ts';
import { type Zone, zoneOf } from './zone.ts';

/** One of the answers that a client may get. */
export interface Outcome {
  /** Part of the questions that get it, above 0 and at most 1. */
  readonly share: number;
  /** Values, or the name that an alias leads to; none where there is no answer. */
  readonly values: readonly string[];
  /** The record that each policy chose, from the first to the one that answers. */
  readonly chain: readonly RecordSet[];
  /** Why, a rule for each of them. */
  readonly rules: readonly string[];
}

interface Choice {
  readonly share: number;
  readonly sets: readonly RecordSet[];
  readonly rule: string;
}

/** Most answers that multivalue gives. */
const MOST = 8;

/** What answers questions about a zone. */
export interface Resolver {
  /** What a client is answered; several outcomes where chance decides, one without values where nobody answers. */
  ask(name: string, type: string, client: Client): readonly Outcome[];
}

interface Known {
  readonly sets: readonly RecordSet[];
  /** Sets that are dead. */
  readonly isDown?: (set: RecordSet) => boolean;
  /** Networks by location, for IP-based routing. */
  readonly networks?: Readonly<Record<string, readonly string[]>>;
}

/** Answers as Route 53 would. */
export function resolver({ sets, isDown = () => false, networks = {} }: Known): Resolver {
  const zone = zoneOf(sets);
  const alive = aliveIn(zone, isDown);
  const answer = (
    group: readonly RecordSet[],
    client: Client,
    seen: readonly RecordSet[],
  ): readonly Outcome[] =>
    choose(group, client, alive, networks).flatMap(({ share, sets, rule }): readonly Outcome[] => {
      const [first] = sets;
      if (first === undefined) return [{ share, values: [], chain: [], rules: [rule] }];
      const behind = seen.includes(first) ? undefined : zone.behind(first);
      if (behind === undefined) {
        const values = first.AliasTarget ? [shown(first.AliasTarget.DNSName)] : sets.flatMap(valuesOf);
        return [{ share, values, chain: sets, rules: [rule] }];
      }
      return answer(behind, client, [...seen, first]).map((rest) => ({
        share: share * rest.share,
        values: rest.values,
        chain: [first, ...rest.chain],
        rules: [rule, ...rest.rules],
      }));
    });
  return { ask: (name, type, client) => answer(groupFor(zone, name, type), client, []) };
}

/** The records of a name, or the wildcard above it. */
function groupFor(zone: Zone, name: string, type: string): readonly RecordSet[] {
  for (const asked of [type, 'CNAME']) {
    const own = zone.group(name, asked);
    if (own.length > 0) return own;
  }
  const above = name.slice(name.indexOf('.') + 1);
  return above === '' || name.startsWith('\\052.') ? [] : wildcard(zone, above, type);
}

function wildcard(zone: Zone, above: string, type: string): readonly RecordSet[] {
  const found = zone.group(`\\052.${above}`, type);
  if (found.length > 0 || !above.includes('.')) return found;
  return wildcard(zone, above.slice(above.indexOf('.') + 1), type);
}

/** What the policy of a group chooses for a client. */
function choose(
  sets: readonly RecordSet[],
  client: Client,
  alive: Alive,
  networks: Readonly<Record<string, readonly string[]>>,
): readonly Choice[] {
  const [first] = sets;
  if (!first) return [{ share: 1, sets: [], rule: 'there is no such record' }];
  /** The first that lives; where all are dead, the first of all, as if they lived. */
  const one = (ordered: readonly RecordSet[], ruleOf: (set: RecordSet) => string): Choice => {
    const [best] = ordered;
    if (!best) return { share: 1, sets: [], rule: 'no record is for this place, and there is no default' };
    const chosen = ordered.find(alive) ?? best;
    const instead = chosen === best ? '' : ` (${best.SetIdentifier} is down)`;
    return { share: 1, sets: [chosen], rule: `${ruleOf(chosen)}${instead}` };
  };
  switch (policyOf(first)) {
    case 'simple':
      return [{ share: 1, sets, rule: 'simple' }];
    case 'geolocation':
      return [one(byPlace(sets, client), placeRule)];
    case 'latency':
    case 'geoproximity': {
      const distant = byDistance(sets, client);
      const far = new Map(distant.map(({ set, far }) => [set, far]));
      const word = policyOf(first) === 'latency' ? 'nearest' : 'geoproximity';
      return [
        one(
          distant.map(({ set }) => set),
          (set) => `${word}: ${set.SetIdentifier}, ${kilometres(far.get(set)!)}`,
        ),
      ];
    }
    case 'failover': {
      const ordered = sets.toSorted((a, b) => (a.Failover ?? '').localeCompare(b.Failover ?? ''));
      return [one(ordered, ({ Failover }) => (Failover ?? '').toLowerCase())];
    }
    case 'cidr':
      return [one(byNetwork(sets, client, networks), (set) => `network ${set.SetIdentifier}`)];
    case 'multivalue': {
      const living = sets.filter(alive);
      const given = (living.length > 0 ? living : sets).slice(0, MOST);
      return [{ share: 1, sets: given, rule: `${given.length} of ${sets.length} values` }];
    }
    case 'weighted':
      return shares(sets, alive);
  }
}

/** Chances by weight among those that live; those of weight 0 come when all others are dead. */
function shares(sets: readonly RecordSet[], alive: Alive): readonly Choice[] {
  const heavy = (from: readonly RecordSet[]) => from.filter(({ Weight = 0 }) => Weight > 0);
  const living = sets.filter(alive);
  const pools = [heavy(living), living, heavy(sets), sets];
  const pool = pools.find((some) => some.length > 0)!;
  const total = pool.reduce((sum, { Weight = 0 }) => sum + Weight, 0);
  return pool.map((set) => {
    const share = total === 0 ? 1 / pool.length : (set.Weight ?? 0) / total;
    return { share, sets: [set], rule: `weighted: ${set.SetIdentifier}, ${percent(share)}` };
  });
}

function placeRule(set: RecordSet): string {
  const location = set.GeoLocation!;
  const word = writeLocation(location);
  return word === 'default' ? word : `${word} (${nameLocation(location)})`;
}

function kilometres(far: number): string {
  return Number.isFinite(far) ? `about ${Math.round(far / 10) * 10} km` : 'place not known';
}

export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`;
}
