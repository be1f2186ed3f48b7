import { bundlesOf } from './catalog.ts';
import { publicAddress, staticIpOf } from './instance.ts';
import type { Domain, Instance, Snapshot, State, StaticIp } from './state.ts';

/** Hours of a month, as AWS counts them. */
const HOURS = 730;
/** USD an hour for a static IP that nothing uses; the first hour is free. */
const IDLE_STATIC_IP = 0.005;
/** USD a month for a GB of a snapshot. */
const SNAPSHOT_GB = 0.05;

type Listed = 'region' | 'name' | 'arn';

/** What tests compare: without what only the service needs, such as how far a start has come. */
export interface Inventory {
  readonly instances: readonly (Pick<
    Instance,
    Listed | 'zone' | 'blueprintId' | 'bundleId' | 'ipAddressType' | 'state' | 'ports' | 'tags' | 'addOns'
  > & { readonly publicIpAddress: string | undefined; readonly staticIp: string | undefined })[];
  readonly staticIps: readonly Pick<StaticIp, Listed | 'ipAddress' | 'attachedTo'>[];
  readonly snapshots: readonly (Pick<Snapshot, Listed | 'sizeInGb' | 'tags'> & {
    readonly fromInstance: string;
  })[];
  readonly domains: readonly Pick<Domain, 'name' | 'arn' | 'entries' | 'tags'>[];
  /** What stays behind and is paid for, such as static IPs without an instance. */
  readonly orphans: readonly string[];
  /** USD a month of all that. */
  readonly monthly: number;
}

/** All that an account has, in the order of regions and names. */
export function takeInventory(state: State): Inventory {
  const snapshotCost = (sizeInGb: number): number => sizeInGb * SNAPSHOT_GB;
  const idle = state.staticIps.filter(({ attachedTo }) => attachedTo === undefined);
  const left = state.snapshots.filter(
    ({ fromInstance }) => !state.instances.some(({ arn }) => arn === fromInstance.arn),
  );
  return {
    instances: sorted(state.instances).map((instance) => ({
      region: instance.region,
      name: instance.name,
      arn: instance.arn,
      zone: instance.zone,
      blueprintId: instance.blueprintId,
      bundleId: instance.bundleId,
      ipAddressType: instance.ipAddressType,
      state: instance.state,
      publicIpAddress: publicAddress(state, instance),
      staticIp: staticIpOf(state, instance)?.name,
      ports: instance.ports,
      tags: instance.tags,
      addOns: instance.addOns,
    })),
    staticIps: sorted(state.staticIps).map(({ region, name, arn, ipAddress, attachedTo }) => ({
      region,
      name,
      arn,
      ipAddress,
      attachedTo,
    })),
    snapshots: sorted(state.snapshots).map(({ region, name, arn, fromInstance, sizeInGb, tags }) => ({
      region,
      name,
      arn,
      fromInstance: fromInstance.name,
      sizeInGb,
      tags,
    })),
    domains: sorted(state.domains).map(({ name, arn, entries, tags }) => ({ name, arn, entries, tags })),
    orphans: [...idle, ...left].map(({ region, name }) => `${region}/${name}`).toSorted(),
    monthly: Number(
      [
        ...state.instances.map(
          ({ region, bundleId }) => bundlesOf(region).find((bundle) => bundle.bundleId === bundleId)!.price!,
        ),
        ...idle.map(() => IDLE_STATIC_IP * HOURS),
        ...state.snapshots.map(({ sizeInGb }) => snapshotCost(sizeInGb)),
      ]
        .reduce((sum, price) => sum + price, 0)
        .toFixed(2),
    ),
  };
}

function sorted<T extends { readonly region: string; readonly name: string }>(resources: readonly T[]): T[] {
  const key = ({ region, name }: T): string => `${region}/${name}`;
  return resources.toSorted((one, other) => key(one).localeCompare(key(other)));
}
