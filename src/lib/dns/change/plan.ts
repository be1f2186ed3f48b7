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
  const found = difference(world.sets, withIds(wanted, world.zone.id, ids), choices);
  const missingChecks = wanted.checks.filter(({ reference }) => !ids.has(reference));
  const obsoleteChecks = obsolete(world, wanted, found);
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
      details: Object.entries(locations).map(([location, networks]) => `${location}: ${networks.join(', ')}`),
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
  ];
  return { difference: found, missingChecks, obsoleteChecks, collections, steps };
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

/** Checks that lbctl made, which nothing asks for and no record that stays has. */
function obsolete(
  { checks }: World,
  wanted: Wanted,
  { changes, others }: Difference,
): readonly HealthCheck[] {
  // flags speak for the names that they name; a balancer for all that it ever made, and for what it takes over
  const flags = { ...wanted, owner: FLAGS };
  const named = [...wanted.sets, ...changes].map(({ Name }) => namePrefix(flags, Name));
  const prefixes = [...new Set([...named, ...(wanted.owner === FLAGS ? [] : [ownerPrefix(wanted)])])];
  const used = new Set(others.map(({ HealthCheckId }) => HealthCheckId));
  return checks.filter(
    ({ id, reference }) =>
      prefixes.some((prefix) => reference.startsWith(prefix)) &&
      !used.has(id) &&
      !wanted.checks.some((check) => reference.startsWith(`${check.reference}-`)),
  );
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
