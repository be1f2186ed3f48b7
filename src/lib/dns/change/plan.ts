import type { Collection, HealthCheck } from '../../aws/route53.ts';
import type { Step } from '../../plan/step.ts';
import { withIds } from '../wanted/build.ts';
import { namePrefix, ownerPrefix } from '../wanted/health.ts';
import { FLAGS, type Wanted, type WantedCheck, type WantedCollection } from '../wanted/wanted.ts';
import { type Difference, difference } from './diff.ts';
import { stepOf } from './lines.ts';

/** What is there, as far as it takes to plan. */
interface World {
  readonly zone: { readonly id: string };
  readonly sets: Parameters<typeof difference>[0];
  readonly checks: readonly HealthCheck[];
  readonly collections: readonly Collection[];
}

/** All that is to be done to a zone. */
export interface DnsPlan {
  readonly difference: Difference;
  readonly missingChecks: readonly WantedCheck[];
  /** Health checks that lbctl made and nothing asks for any more. */
  readonly obsoleteChecks: readonly HealthCheck[];
  readonly collections: readonly {
    readonly wanted: WantedCollection;
    readonly there: Collection | undefined;
  }[];
  /** Networks that lbctl made and no record has any more. */
  readonly obsoleteCollections: readonly Collection[];
  /** What it comes to, for people. */
  readonly steps: readonly Step[];
}

/** Decides what is to be done. */
export function planFor(
  world: World,
  wanted: Wanted,
  choices: Parameters<typeof difference>[2] = {},
): DnsPlan {
  const ids = idsOf(world, wanted);
  const known = withIds(wanted, world.zone.id, ids);
  const found = difference(world.sets, known, choices);
  const missingChecks = wanted.checks.filter(({ reference }) => !ids.has(reference));
  const isMade = madeFor(known, found);
  const stays = [...found.others, ...known.sets];
  const checksInUse = new Set(stays.map(({ HealthCheckId }) => HealthCheckId));
  const obsoleteChecks = world.checks.filter(
    ({ id, reference }) => isMade(reference) && !checksInUse.has(id),
  );
  const networksInUse = new Set(stays.map(({ CidrRoutingConfig }) => CidrRoutingConfig?.CollectionId));
  const obsoleteCollections = world.collections.filter(
    ({ id, name }) => isMade(name) && !networksInUse.has(id),
  );
  const collections = wanted.collections
    .map((collection) => ({
      wanted: collection,
      there: world.collections.find(({ name }) => name === collection.name),
    }))
    .filter(({ wanted: { locations }, there }) => !there || !isSame(there.locations, locations));
  const steps: Step[] = [
    ...collections.map(({ wanted: { name, locations }, there }) => ({
      kind: 'networks',
      action: there ? ('change' as const) : ('create' as const),
      resource: 'networks',
      name,
      details: networksOf(locations),
    })),
    ...missingChecks.map(({ title, config }) => ({
      kind: 'check',
      action: 'create' as const,
      resource: 'health check',
      name: title,
      details: [describe(config)],
    })),
    ...found.changes.map(stepOf),
    ...obsoleteChecks.map(({ id, config }) => ({
      kind: 'check',
      action: 'delete' as const,
      resource: 'health check',
      name: id,
      details: [describe(config)],
    })),
    ...obsoleteCollections.map(({ name, locations }) => ({
      kind: 'networks',
      action: 'delete' as const,
      resource: 'networks',
      name,
      details: networksOf(locations),
    })),
  ];
  return { difference: found, missingChecks, obsoleteChecks, collections, obsoleteCollections, steps };
}

/** Ids by what stands for them in the records. */
export function idsOf(
  { checks, collections }: Pick<World, 'checks' | 'collections'>,
  wanted: Wanted,
): ReadonlyMap<string, string> {
  const ids = new Map(collections.map(({ name, id }) => [name, id]));
  for (const { reference } of wanted.checks) {
    // the reference of one that was deleted cannot be used again, so that each has something more at its end
    const there = checks.find((check) => check.reference.startsWith(`${reference}-`));
    if (there) ids.set(reference, there.id);
  }
  return ids;
}

/** Tells by its reference or name what lbctl made for an owner, or for the names that the owner speaks for. */
function madeFor(wanted: Wanted, { changes }: Difference): (reference: string) => boolean {
  // flags speak for the names that they name; a balancer for all that it ever made, and for what it takes over
  const flags = { ...wanted, owner: FLAGS };
  const named = [...wanted.sets, ...changes].map(({ Name }) => namePrefix(flags, Name));
  const prefixes = [...new Set([...named, ...(wanted.owner === FLAGS ? [] : [ownerPrefix(wanted)])])];
  return (reference) => prefixes.some((prefix) => reference.startsWith(prefix));
}

function networksOf(locations: Collection['locations']): readonly string[] {
  return Object.entries(locations).map(([location, networks]) => `${location}: ${networks.join(', ')}`);
}

function describe(config: {
  readonly Type?: string | undefined;
  readonly Port?: number | undefined;
  readonly ResourcePath?: string | undefined;
  readonly RequestInterval?: number | undefined;
  readonly FailureThreshold?: number | undefined;
}): string {
  const { Type, Port, ResourcePath = '', RequestInterval, FailureThreshold } = config;
  return `${(Type ?? '').toLowerCase()} port ${Port} ${ResourcePath} every ${RequestInterval} s, ${FailureThreshold} times`.replace(
    '  ',
    ' ',
  );
}

function isSame(a: Collection['locations'], b: Collection['locations']): boolean {
  const text = (of: Collection['locations']) =>
    Object.entries(of)
      .map(([location, networks]) => `${location} ${networks.toSorted().join(' ')}`)
      .toSorted()
      .join('\n');
  return text(a) === text(b);
}
