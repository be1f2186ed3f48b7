import type { Api } from './api.ts';
import { decide } from './decide.ts';
import { addressName, isBundle, machineName, numberIn, type Wanted } from './wanted.ts';
import { type Catalogue, OWNER_TAG, REGIONS_TAG, type RegionWorld } from './world.ts';

/** What is asked beside what there is. */
interface Questions {
  /** What could be had, where something is to be made. */
  readonly catalogue: boolean;
  /** What it costs, where something goes. */
  readonly prices: boolean;
}

/**
 * What there is of a balancer, in all Regions that it is or was in. What could be had instead is asked for only where
 * something is to be made or to go: a balancer that is as it should be costs two calls a Region.
 */
export async function observeAll(
  wanted: Wanted,
  apiIn: (region: string) => Api,
  questions: Questions,
): Promise<RegionWorld[]> {
  const worlds = await Promise.all(
    wanted.regions.map((region) => observeRegion(wanted, apiIn(region), questions)),
  );
  // a Region that was taken out of lb.yaml is named by the instances of the others
  const before = worlds.flatMap(({ machines }) =>
    machines.flatMap(({ tags }) => (tags[REGIONS_TAG] ?? '').split(' ').filter((word) => word !== '')),
  );
  const left = [...new Set(before)].filter((region) => !wanted.regions.includes(region));
  return [
    ...worlds,
    ...(await Promise.all(left.map((region) => observeRegion(wanted, apiIn(region), questions)))),
  ];
}

async function observeRegion(wanted: Wanted, api: Api, questions: Questions): Promise<RegionWorld> {
  const [all, addresses] = await Promise.all([api.listed(), api.addresses()]);
  const { name } = wanted;
  const { region } = api;
  const machines = all.filter(({ tags }) => tags[OWNER_TAG] === name);
  const prefix = machineName(name, region, 0).slice(0, -1);
  const foreign = all
    .filter((machine) => !machines.includes(machine) && numberIn(machine.name, prefix) !== null)
    .map((machine) => machine.name);
  const addressPrefix = addressName(name, region, 0).slice(0, -1);
  const world = {
    region,
    machines,
    foreign,
    addresses: addresses.filter(
      (address) =>
        numberIn(address.name, addressPrefix) !== null ||
        machines.some((machine) => machine.name === address.attachedTo),
    ),
    catalogue: null,
    prices: new Map<string, number>(),
  };
  const { make, drop } = decide(wanted, world);
  if (questions.catalogue && make.length > 0) return { ...world, ...(await catalogueOf(wanted, api)) };
  return questions.prices && drop.length > 0 ? { ...world, prices: await pricesIn(api) } : world;
}

async function catalogueOf(wanted: Wanted, api: Api): Promise<Pick<RegionWorld, 'catalogue' | 'prices'>> {
  const [blueprints, bundles, zones] = await Promise.all([api.blueprints(), api.bundles(), api.zones()]);
  const catalogue: Catalogue = {
    blueprint: blueprints.find(({ id }) => id === wanted.blueprint) ?? null,
    bundle:
      bundles.find(({ id, active }) => active && isBundle(wanted.bundle, id)) ??
      bundles.find(({ id }) => isBundle(wanted.bundle, id)) ??
      null,
    blueprints: blueprints.filter(({ active }) => active).map(({ id }) => id),
    bundles: bundles.filter(({ active }) => active).map(({ id }) => id),
    zones: zones.get(api.region) ?? [],
  };
  return { catalogue, prices: new Map(bundles.map(({ id, price }) => [id, price])) };
}

/** USD a month, by bundle. */
export async function pricesIn(api: Api): Promise<ReadonlyMap<string, number>> {
  return new Map((await api.bundles()).map(({ id, price }) => [id, price]));
}
