import type {
  Blueprint as SdkBlueprint,
  Bundle as SdkBundle,
  Instance,
  InstanceAccessDetails,
  StaticIp,
} from '@aws-sdk/client-lightsail';
import { rulesIn } from '../../aws/lightsail/port-rules.ts';
import type { Address, Blueprint, Bundle, Machine } from './world.ts';

/** How to log in at an instance for a while. */
export interface Access {
  readonly address: string;
  readonly user: string;
  readonly privateKey: string;
  /** Certificate that the instance takes the key by; null where the key alone does. */
  readonly certificate: string | null;
  readonly expires: Date | null;
  /** Keys that the instance shows, as lines of known_hosts without the host: `ssh-ed25519 AAAA…`. */
  readonly hostKeys: readonly string[];
}

export function machineIn(instance: Instance, region: string): Machine {
  const { name = '', location, tags = [], addOns = [], networking, state } = instance;
  const snapshots = addOns.find((addOn) => addOn.name === 'AutoSnapshot' && addOn.status !== 'Disabled');
  return {
    name,
    region,
    zone: location?.availabilityZone ?? '',
    blueprint: instance.blueprintId ?? '',
    bundle: instance.bundleId ?? '',
    tags: Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value])),
    state: state?.name ?? 'unknown',
    address: instance.publicIpAddress ?? null,
    privateAddress: instance.privateIpAddress ?? null,
    ports: rulesIn(networking?.ports ?? []),
    snapshots: snapshots ? (snapshots.nextSnapshotTimeOfDay ?? snapshots.snapshotTimeOfDay ?? null) : null,
  };
}

export function addressIn({ name = '', ipAddress = '', attachedTo, isAttached }: StaticIp): Address {
  return { name, address: ipAddress, attachedTo: isAttached === false ? null : attachedTo || null };
}

export function blueprintIn(given: SdkBlueprint): Blueprint {
  const { blueprintId = '', name = '', version, isActive = true, minPower = 0 } = given;
  return {
    id: blueprintId,
    name: version ? `${name} ${version}` : name,
    active: isActive,
    minPower,
  };
}

export function bundleIn(given: SdkBundle): Bundle {
  return {
    id: given.bundleId ?? '',
    active: given.isActive ?? true,
    power: given.power ?? 0,
    price: given.price ?? 0,
    cpus: given.cpuCount ?? 1,
    memory: given.ramSizeInGb ?? 0,
    transfer: given.transferPerMonthInGb ?? 0,
    hasIpv4: given.publicIpv4AddressCount !== 0,
  };
}

export function accessIn(given: InstanceAccessDetails): Access {
  return {
    address: given.ipAddress ?? '',
    user: given.username ?? '',
    privateKey: given.privateKey ?? '',
    certificate: given.certKey || null,
    expires: given.expiresAt ?? null,
    hostKeys: (given.hostKeys ?? []).flatMap(({ algorithm, publicKey }) =>
      algorithm && publicKey ? [hostKey(algorithm, publicKey)] : [],
    ),
  };
}

/** Whether the kind of key stands in front of the key itself is not said. */
function hostKey(algorithm: string, publicKey: string): string {
  const [first = '', second] = publicKey.trim().split(/\s+/u);
  return second === undefined ? `${algorithm} ${first}` : `${first} ${second}`;
}
