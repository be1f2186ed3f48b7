import type {
  AddOn,
  Instance as Shape,
  InstancePortInfo,
  InstanceState,
  IpAddressType,
  RegionName,
} from '@aws-sdk/client-lightsail';
import type { Context } from '../service.ts';
import { bundlesOf, userOf } from './catalog.ts';
import { ask } from './later.ts';
import { failure } from './refusal.ts';
import type { Settings } from './settings.ts';
import type { Instance, Port, State, StateName, StaticIp } from './state.ts';

/** Those of EC2. */
const CODES: Readonly<Record<StateName, number>> = { pending: 0, running: 16, stopping: 64, stopped: 80 };

/** Lets an instance go on to its next state, if its time has come, as it is looked at. */
export function look(instance: Instance, { machines }: Settings, context: Context): void {
  const { next } = instance;
  if (next === undefined) return;
  const { done, wait } = ask(next.wait, context);
  next.wait = wait;
  if (!done || (next.state === 'running' && !machines.isUp(instance))) return;
  instance.state = next.state;
  instance.next = undefined;
}

/** The code of this refusal is unverified; that a running instance is needed is what the documentation says. */
export function mustBe(instance: Instance, ...states: readonly StateName[]): void {
  if (states.includes(instance.state)) return;
  throw failure(
    `The instance ${instance.name} is ${instance.state}; it must be ${states.join(' or ')} for this operation`,
  );
}

export const showState = ({ state }: Instance): InstanceState => ({ code: CODES[state], name: state });

export function staticIpOf(state: State, instance: Instance): StaticIp | undefined {
  return state.staticIps.find(
    ({ region, attachedTo }) => region === instance.region && attachedTo === instance.name,
  );
}

/** Where it is reached; undefined while it is stopped and has no static IP, or has only IPv6. */
export function publicAddress(state: State, instance: Instance): string | undefined {
  return staticIpOf(state, instance)?.ipAddress ?? instance.dynamicIp;
}

export function showInstance(state: State, instance: Instance): Shape {
  const bundle = bundlesOf(instance.region).find(({ bundleId }) => bundleId === instance.bundleId)!;
  const blueprint = state.blueprints.find(({ blueprintId }) => blueprintId === instance.blueprintId);
  const address = publicAddress(state, instance);
  return {
    name: instance.name,
    arn: instance.arn,
    supportCode: `6EXAMPLE3362/i-${instance.arn.slice(-12)}`,
    createdAt: instance.createdAt,
    location: { availabilityZone: instance.zone, regionName: instance.region as RegionName },
    resourceType: 'Instance',
    tags: instance.tags,
    blueprintId: instance.blueprintId,
    blueprintName: blueprint?.name ?? instance.blueprintId,
    bundleId: instance.bundleId,
    addOns: instance.addOns as AddOn[],
    isStaticIp: staticIpOf(state, instance) !== undefined,
    privateIpAddress: instance.privateIpAddress,
    ...(address === undefined ? {} : { publicIpAddress: address }),
    ipv6Addresses: instance.ipv6Address === undefined ? [] : [instance.ipv6Address],
    ipAddressType: instance.ipAddressType as IpAddressType,
    hardware: {
      cpuCount: bundle.cpuCount!,
      disks: [
        {
          createdAt: instance.createdAt,
          sizeInGb: bundle.diskSizeInGb!,
          isSystemDisk: true,
          path: '/dev/xvda',
          attachedTo: instance.name,
          attachmentState: 'attached',
        },
      ],
      ramSizeInGb: bundle.ramSizeInGb!,
    },
    networking: {
      monthlyTransfer: { gbPerMonthAllocated: bundle.transferPerMonthInGb! },
      ports: instance.ports.map(showPort),
    },
    state: showState(instance),
    username: userOf(instance.blueprintId),
    sshKeyName: instance.keyPairName || 'LightsailDefaultKeyPair',
  };
}

function showPort(port: Port): InstancePortInfo {
  return {
    ...port,
    protocol: port.protocol as NonNullable<InstancePortInfo['protocol']>,
    accessFrom: port.cidrs.includes('0.0.0.0/0') ? 'Anywhere (0.0.0.0/0)' : 'Custom',
    accessType: 'Public',
    commonName: '',
    accessDirection: 'inbound',
  };
}
