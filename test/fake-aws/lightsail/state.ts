import type {
  AddOn,
  AutoSnapshotDetails,
  Blueprint,
  DomainEntry,
  Operation,
  ResourceType,
  Tag,
} from '@aws-sdk/client-lightsail';
import type { Later } from './later.ts';

/** What all resources have. */
export interface Resource {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly createdAt: Date;
  tags: Tag[];
}

/** A rule of an instance's firewall, as it is kept. */
export interface Port {
  readonly fromPort: number;
  readonly toPort: number;
  readonly protocol: string;
  readonly cidrs: string[];
  readonly ipv6Cidrs: string[];
  readonly cidrListAliases: string[];
}

export type StateName = 'pending' | 'running' | 'stopping' | 'stopped';

export interface Instance extends Resource {
  readonly zone: string;
  readonly blueprintId: string;
  bundleId: string;
  readonly ipAddressType: string;
  readonly userData: string;
  readonly keyPairName: string;
  readonly privateIpAddress: string;
  /** That it has while no static IP is attached; another after every stop. Without one, it has only IPv6. */
  dynamicIp: string | undefined;
  readonly ipv6Address: string | undefined;
  /** Times that it has been started or rebooted. */
  boots: number;
  state: StateName;
  /** What it becomes next, when its time has come. */
  next: { readonly state: StateName; wait: Later } | undefined;
  ports: Port[];
  addOns: AddOn[];
  autoSnapshots: AutoSnapshotDetails[];
}

export interface StaticIp extends Resource {
  readonly ipAddress: string;
  attachedTo: string | undefined;
}

export interface Snapshot extends Resource {
  readonly fromInstance: Pick<Instance, 'name' | 'arn' | 'blueprintId' | 'bundleId'>;
  readonly sizeInGb: number;
  wait: Later | undefined;
}

export interface Domain extends Resource {
  entries: DomainEntry[];
}

export interface Running {
  readonly shape: Operation;
  wait: Later | undefined;
  /** How it ends. */
  readonly fault: { readonly errorCode: string; readonly errorDetails: string } | undefined;
}

export interface State {
  instances: Instance[];
  staticIps: StaticIp[];
  snapshots: Snapshot[];
  domains: Domain[];
  /** The newest first. */
  operations: Running[];
  blueprints: Blueprint[];
  /** Regions whose VPC is peered. */
  peered: string[];
  /** Of other kinds, such as key pairs, whose names are taken all the same. */
  others: { readonly region: string; readonly name: string; readonly type: ResourceType }[];
  /** Counts what is made. */
  made: number;
}
