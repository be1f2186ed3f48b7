import { ec2Of } from '../../balancer/ec2.ts';
import { bucketNamed } from '../../aws/s3.ts';
import type { ResourceState, StackState } from '../../aws/cloudformation/model.ts';
import { type Stacks, stacksIn } from '../../aws/cloudformation/stacks.ts';
import type { Node } from '../../release/node/place.ts';
import { type Store, storeIn } from '../../release/store/store.ts';
import { type Fleet, fleetIn } from '../../release/transports/ssm.ts';
import { notMade } from '../../release/transports/not-made.ts';
import type { Loaded } from '../../source/load.ts';
import { regionsOf } from '../regions.ts';
import { goneFrom, nodeBy, nodesOf } from './nodes.ts';
import { standingOf } from './standing.ts';
import { sendBy } from './send.ts';
import { wantedStack } from './wanted.ts';
import { CHANGE_SET, observeStack, type RegionWorld, type Send, stackOf, type WantedStack } from './world.ts';

/** A Region of a balancer. */
export interface RegionPlace {
  readonly region: string;
  readonly stacks: Stacks;
  readonly wanted: WantedStack;
  readonly send: Send;
  /** What the stack has made under a logical ID; null where there is nothing. */
  made(logicalId: 'Releases' | 'Nodes' | 'Log'): Promise<string | null>;
  /** Target groups that the stack has made. */
  targetGroups(): Promise<readonly { readonly logicalId: string; readonly arn: string }[]>;
  storeNamed(bucket: string): Store;
}

/** A Region that lb.yaml has no longer, and what is still there. */
interface LeftRegion {
  readonly place: RegionPlace;
  readonly world: RegionWorld;
}

/** A balancer on EC2, with what has been asked of it. */
export interface Place {
  readonly name: string;
  readonly loaded: Loaded;
  regions(): Promise<readonly RegionPlace[]>;
  worlds(): Promise<readonly RegionWorld[]>;
  /** Regions that lb.yaml has no longer, where there is a stack all the same; those of which buckets know. */
  left(): Promise<readonly LeftRegion[]>;
  /** @param coming see `Provider.nodes`; from then on, it is known what would change. */
  nodes(coming: boolean): Promise<Node[]>;
  /** Whether nodes were asked for with those that are still to be made, as `up` does. */
  isComing(): boolean;
  /** Buckets of releases, as far as they are there. */
  stores(): Promise<readonly Store[]>;
  /** Asks anew from now on. */
  changed(): void;
  close(): Promise<void>;
}

export function placeOf(loaded: Loaded): Place {
  const { balancer } = loaded;
  const stores = new Map<string, Store>();
  const fleets = new Map<string, Fleet>();
  const former = new Map<string, RegionPlace>();
  let regions: Promise<readonly RegionPlace[]> | undefined;
  let seen: Promise<RegionWorld[]> | undefined;
  const idle = new Set<string>();
  let changes = false;

  function regionPlace(region: string): RegionPlace {
    const stacks = stacksIn(region);
    const wanted = wantedStack(balancer, region);
    const there = async (stack: StackState | null): Promise<readonly ResourceState[]> =>
      stack === null || standingOf(stack.status) === 'none'
        ? []
        : (await stacks.resources(wanted.name)).filter(
            ({ physicalId, status }) => physicalId !== '' && !/^DELETE|^CREATE_(?!COMPLETE)/u.test(status),
          );
    const made = async (logicalId: string): Promise<string | null> => {
      const stack = await stackOf(stacks, wanted);
      return (
        stack?.outputs[logicalId] ??
        (await there(stack)).find((one) => one.logicalId === logicalId)?.physicalId ??
        null
      );
    };
    const targetGroups = async () =>
      (await there(await stackOf(stacks, wanted)))
        .filter(({ type }) => type === 'AWS::ElasticLoadBalancingV2::TargetGroup')
        .map(({ logicalId, physicalId: arn }) => ({ logicalId, arn }));
    const storeNamed = (bucket: string): Store => {
      const store = stores.get(bucket) ?? storeIn(bucketNamed(bucket, region));
      stores.set(bucket, store);
      return store;
    };
    const send = sendBy(async () => {
      const bucket = await made('Releases');
      return bucket === null ? null : bucketNamed(bucket, region);
    });
    return { region, stacks, wanted, made, targetGroups, storeNamed, send };
  }

  const allRegions = (): Promise<readonly RegionPlace[]> =>
    (regions ??= regionsOf(balancer).then((names) => names.map(regionPlace)));

  async function look(): Promise<RegionWorld[]> {
    return Promise.all(
      (await allRegions()).map(async ({ stacks, wanted, send, region }) => {
        if (changes) return { ...(await observeStack(stacks, wanted, send)), isIdle: idle.has(region) };
        const stack = await stackOf(stacks, wanted);
        const standing = standingOf(stack?.status ?? null);
        return { region, name: wanted.name, stack, standing, changes: null, protection: null };
      }),
    );
  }

  async function storesOf(places: readonly RegionPlace[]): Promise<readonly Store[]> {
    const found = await Promise.all(
      places.map(async ({ made, storeNamed }) => {
        const bucket = await made('Releases');
        return bucket === null ? [] : [storeNamed(bucket)];
      }),
    );
    return found.flat();
  }

  async function left(): Promise<readonly LeftRegion[]> {
    const places = await allRegions();
    const noted = await Promise.all((await storesOf(places)).map((store) => store.regions()));
    const names = new Set(places.map(({ region }) => region));
    const gone = [...new Set(noted.flat())].filter((region) => !names.has(region));
    const found = await Promise.all(
      gone.map(async (region): Promise<LeftRegion[]> => {
        const place = former.get(region) ?? regionPlace(region);
        former.set(region, place);
        const stack = await stackOf(place.stacks, place.wanted);
        const standing = standingOf(stack?.status ?? null);
        const world = { region, name: place.wanted.name, stack, standing, changes: null, protection: null };
        return standing === 'none' ? [] : [{ place, world: { ...world, isLeft: true } }];
      }),
    );
    return found.flat();
  }

  async function nodesIn(place: RegionPlace, coming: boolean): Promise<Node[]> {
    const [group, bucket] = [await place.made('Nodes'), await place.made('Releases')];
    const there =
      group === null || bucket === null
        ? []
        : await nodesOf(group, place.region, fleetTo(place, bucket, group));
    idle.delete(place.region);
    if (group !== null && there.length === 0) idle.add(place.region);
    return there.length > 0 || !coming ? there : comingNodes(place.region, loaded);
  }

  function fleetTo({ storeNamed, region }: RegionPlace, bucket: string, group: string): Fleet {
    const fleet =
      fleets.get(bucket) ?? fleetIn(storeNamed(bucket), (instances) => goneFrom(group, region, instances));
    fleets.set(bucket, fleet);
    return fleet;
  }

  return {
    name: balancer.name,
    loaded,
    regions: allRegions,
    worlds: () => (seen ??= look()),
    isComing: () => changes,
    async nodes(coming) {
      if (coming && !changes) [changes, seen] = [true, undefined];
      return (await Promise.all((await allRegions()).map((place) => nodesIn(place, coming)))).flat();
    },
    left,
    stores: async () => storesOf(await allRegions()),
    changed: () => void (seen = undefined),
    async close() {
      const worlds = await seen?.catch(() => undefined);
      for (const fleet of fleets.values()) fleet.close();
      for (const store of stores.values()) store.close();
      for (const { stacks, wanted, region } of (await regions?.catch(() => [])) ?? []) {
        const world = worlds?.find((one) => one.region === region);
        // what was shown and not done leaves nothing; where that fails, the next run does it
        if (world?.standing === 'settled' && (world.changes ?? []).length > 0)
          await stacks.withdraw(wanted.name, CHANGE_SET).catch(() => undefined);
        stacks.close();
      }
      for (const { stacks } of former.values()) stacks.close();
    },
  };
}

/** Nodes that the stack will make, as far as they are known before. */
function comingNodes(region: string, { balancer }: Loaded): Node[] {
  const { nodes } = ec2Of(balancer);
  const count = nodes.desired ?? nodes.min;
  return Array.from({ length: count }, (_, index) => {
    const transport = notMade(`node ${index + 1} of ${count} in ${region}`);
    return { ...nodeBy(transport), coming: true };
  });
}
