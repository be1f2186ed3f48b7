import type { PortRule } from '../../aws/lightsail/port-rules.ts';

/** An instance. */
export interface Machine {
  readonly name: string;
  readonly region: string;
  /** Such as `eu-west-1a`. */
  readonly zone: string;
  readonly blueprint: string;
  readonly bundle: string;
  readonly tags: Readonly<Record<string, string>>;
  /** In Lightsail's words: `pending`, `running`, `stopping`, `stopped`, `shutting-down`… */
  readonly state: string;
  readonly address: string | null;
  readonly privateAddress: string | null;
  readonly ports: readonly PortRule[];
  /** Hour at which snapshots are taken, such as `06:00`; null where none are. */
  readonly snapshots: string | null;
}

/** A static address. */
export interface Address {
  readonly name: string;
  readonly address: string;
  /** Instance that has it. */
  readonly attachedTo: string | null;
}

/** What can be had in a Region now. */
export interface Catalogue {
  /** Null where there is no such blueprint or bundle. */
  readonly blueprint: Blueprint | null;
  readonly bundle: Bundle | null;
  /** Others that can be had. */
  readonly blueprints: readonly string[];
  readonly bundles: readonly string[];
  /** Such as `eu-west-1a`. */
  readonly zones: readonly string[];
}

export interface Blueprint {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  /** A bundle must have as much at least. */
  readonly minPower: number;
}

export interface Bundle {
  readonly id: string;
  readonly active: boolean;
  readonly power: number;
  /** USD a month. */
  readonly price: number;
  readonly cpus: number;
  /** GB. */
  readonly memory: number;
  /** GB a month that cost nothing more. */
  readonly transfer: number;
  readonly hasIpv4: boolean;
}

/** What there is of a balancer in a Region. */
export interface RegionWorld {
  readonly region: string;
  /** Those of this balancer. */
  readonly machines: readonly Machine[];
  /** Instances that have names as this balancer gives them, and are not its own. */
  readonly foreign: readonly string[];
  /** Static addresses that have names as this balancer gives them. */
  readonly addresses: readonly Address[];
  /** Asked for where something is to be made. */
  readonly catalogue: Catalogue | null;
  /** Prices in USD a month by bundle, as far as they were asked for. */
  readonly prices: ReadonlyMap<string, number>;
}

/** Whose an instance is. */
export const OWNER_TAG = 'lbctl:balancer';
/** Regions that the balancer has instances in, parted by spaces: one that is taken out of lb.yaml is found by it. */
export const REGIONS_TAG = 'lbctl:regions';
/** Set once NGINX is installed, to where from. */
export const READY_TAG = 'lbctl:ready';

/** States of an instance that goes away for good. */
export function isLeaving({ state }: Pick<Machine, 'state'>): boolean {
  return state === 'shutting-down' || state === 'terminated';
}
