import {
  AllocateStaticIpCommand,
  AttachStaticIpCommand,
  CreateInstancesCommand,
  type CreateInstancesRequest,
  DeleteInstanceCommand,
  DetachStaticIpCommand,
  DisableAddOnCommand,
  EnableAddOnCommand,
  GetBlueprintsCommand,
  GetBundlesCommand,
  GetInstanceAccessDetailsCommand,
  GetInstanceCommand,
  GetOperationCommand,
  GetRegionsCommand,
  GetStaticIpCommand,
  GetStaticIpsCommand,
  type Instance,
  LightsailClient,
  type Operation,
  PutInstancePublicPortsCommand,
  ReleaseStaticIpCommand,
  StartInstanceCommand,
  TagResourceCommand,
} from '@aws-sdk/client-lightsail';
import { clientOptions } from '../../aws/client.ts';
import { attempt, codeOf, withPolicy } from '../../aws/failure.ts';
import { allInstances } from '../../aws/lightsail/all-instances.ts';
import { newLists } from '../../aws/lightsail/lists.ts';
import { portInfoOf, type PortRule } from '../../aws/lightsail/port-rules.ts';
import { allPages } from '../../aws/pages.ts';
import type { Action } from './actions.ts';
import { accessIn, addressIn, type Access, blueprintIn, bundleIn, machineIn } from './read.ts';
import type { Address, Blueprint, Bundle, Machine } from './world.ts';

/** Lightsail in a Region, in our own words; every failure is told in words. */
export interface Api {
  readonly region: string;
  /** All instances as they are now. */
  machines(): Promise<Machine[]>;
  /** The same as they were told of before in this run, where they were. */
  listed(): Promise<Machine[]>;
  /** Null where there is none. */
  machine(name: string): Promise<Machine | null>;
  addresses(): Promise<Address[]>;
  address(name: string): Promise<Address | null>;
  blueprints(): Promise<Blueprint[]>;
  bundles(): Promise<Bundle[]>;
  /** Zones by Region. */
  zones(): Promise<ReadonlyMap<string, readonly string[]>>;
  access(name: string): Promise<Access>;
  operation(id: string): Promise<Operation | undefined>;
  create(request: CreateInstancesRequest & { readonly instanceNames: [string] }): Promise<Operation[]>;
  start(name: string): Promise<Operation[]>;
  remove(name: string): Promise<Operation[]>;
  tag(name: string, tags: Readonly<Record<string, string>>): Promise<Operation[]>;
  openPorts(name: string, ports: readonly PortRule[]): Promise<Operation[]>;
  /** @param hour null for none. */
  snapshots(name: string, hour: string | null): Promise<Operation[]>;
  allocate(address: string): Promise<Operation[]>;
  attach(address: string, machine: string): Promise<Operation[]>;
  detach(address: string): Promise<Operation[]>;
  release(address: string): Promise<Operation[]>;
  close(): void;
}

/**
 * @param region nothing is asked before the first call.
 * @param lists of instances that others look at in the same run.
 */
export function lightsailIn(region: string, lists = newLists()): Api {
  const client = new LightsailClient(clientOptions(region));
  const call = <Result>(action: Action, doing: string, work: () => Promise<Result>): Promise<Result> =>
    attempt({ doing, action: `lightsail:${action}`, region }, work).catch((error: unknown) => {
      throw withPolicy(error);
    });
  const machinesOf = async (list: Promise<readonly Instance[]>): Promise<Machine[]> => {
    try {
      return (await list).map((instance) => machineIn(instance, region));
    } catch (error) {
      throw withPolicy(error);
    }
  };
  const change = async (
    action: Action,
    doing: string,
    work: () => Promise<{ operations?: Operation[] | undefined; operation?: Operation | undefined }>,
  ): Promise<Operation[]> => {
    const { operations, operation } = await call(action, doing, work);
    return [...(operations ?? []), ...(operation ? [operation] : [])];
  };
  return {
    region,
    machines: () => machinesOf(allInstances(client, region)),
    listed: () => machinesOf(lists.of(region)),
    machine: (name) =>
      orNull(async () => {
        const { instance } = await call('GetInstance', `look at the instance ${name}`, () =>
          client.send(new GetInstanceCommand({ instanceName: name })),
        );
        return instance ? machineIn(instance, region) : null;
      }),
    addresses: () =>
      allPages(async (pageToken) => {
        const page = await call('GetStaticIps', 'list the static addresses', () =>
          client.send(new GetStaticIpsCommand({ pageToken })),
        );
        return { items: page.staticIps?.map(addressIn), next: page.nextPageToken };
      }),
    address: (name) =>
      orNull(async () => {
        const { staticIp } = await call('GetStaticIp', `look at the static address ${name}`, () =>
          client.send(new GetStaticIpCommand({ staticIpName: name })),
        );
        return staticIp ? addressIn(staticIp) : null;
      }),
    blueprints: () =>
      allPages(async (pageToken) => {
        const page = await call('GetBlueprints', 'list the blueprints', () =>
          client.send(new GetBlueprintsCommand({ pageToken, includeInactive: true })),
        );
        return { items: page.blueprints?.map(blueprintIn), next: page.nextPageToken };
      }),
    bundles: () =>
      allPages(async (pageToken) => {
        const page = await call('GetBundles', 'list the bundles', () =>
          client.send(new GetBundlesCommand({ pageToken, includeInactive: true })),
        );
        return { items: page.bundles?.map(bundleIn), next: page.nextPageToken };
      }),
    async zones() {
      const { regions = [] } = await call('GetRegions', 'list the zones', () =>
        client.send(new GetRegionsCommand({ includeAvailabilityZones: true })),
      );
      return new Map(
        regions.map(({ name = '', availabilityZones = [] }) => [
          name,
          availabilityZones
            .filter(({ state = 'available' }) => state === 'available')
            .map(({ zoneName = '' }) => zoneName)
            .toSorted(),
        ]),
      );
    },
    async access(name) {
      const { accessDetails } = await call('GetInstanceAccessDetails', `get keys for ${name}`, () =>
        client.send(new GetInstanceAccessDetailsCommand({ instanceName: name, protocol: 'ssh' })),
      );
      return accessIn(accessDetails ?? {});
    },
    async operation(id) {
      const { operation } = await call('GetOperation', `see how ${id} goes`, () =>
        client.send(new GetOperationCommand({ operationId: id })),
      );
      return operation;
    },
    create: (request) =>
      change('CreateInstances', `create the instance ${request.instanceNames[0]}`, () =>
        client.send(new CreateInstancesCommand(request)),
      ),
    start: (name) =>
      change('StartInstance', `start the instance ${name}`, () =>
        client.send(new StartInstanceCommand({ instanceName: name })),
      ),
    remove: (name) =>
      change('DeleteInstance', `delete the instance ${name}`, () =>
        client.send(new DeleteInstanceCommand({ instanceName: name, forceDeleteAddOns: true })),
      ),
    tag: (name, tags) =>
      change('TagResource', `tag the instance ${name}`, () =>
        client.send(
          new TagResourceCommand({
            resourceName: name,
            tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
          }),
        ),
      ),
    openPorts: (name, ports) =>
      change('PutInstancePublicPorts', `set the firewall of ${name}`, () =>
        client.send(
          new PutInstancePublicPortsCommand({ instanceName: name, portInfos: ports.map(portInfoOf) }),
        ),
      ),
    snapshots: (name, hour) =>
      hour === null
        ? change('DisableAddOn', `end the snapshots of ${name}`, () =>
            client.send(new DisableAddOnCommand({ resourceName: name, addOnType: 'AutoSnapshot' })),
          )
        : change('EnableAddOn', `have snapshots taken of ${name}`, () =>
            client.send(
              new EnableAddOnCommand({
                resourceName: name,
                addOnRequest: {
                  addOnType: 'AutoSnapshot',
                  autoSnapshotAddOnRequest: { snapshotTimeOfDay: hour },
                },
              }),
            ),
          ),
    allocate: (address) =>
      change('AllocateStaticIp', `get the static address ${address}`, () =>
        client.send(new AllocateStaticIpCommand({ staticIpName: address })),
      ),
    attach: (address, machine) =>
      change('AttachStaticIp', `give ${machine} the static address ${address}`, () =>
        client.send(new AttachStaticIpCommand({ staticIpName: address, instanceName: machine })),
      ),
    detach: (address) =>
      change('DetachStaticIp', `take away the static address ${address}`, () =>
        client.send(new DetachStaticIpCommand({ staticIpName: address })),
      ),
    release: (address) =>
      change('ReleaseStaticIp', `give back the static address ${address}`, () =>
        client.send(new ReleaseStaticIpCommand({ staticIpName: address })),
      ),
    close: () => client.destroy(),
  };
}

async function orNull<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) === 'NotFoundException') return null;
    throw error;
  }
}
