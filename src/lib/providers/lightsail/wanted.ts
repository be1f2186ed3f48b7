import type { PortRule } from '../../aws/lightsail/port-rules.ts';
import type { Balancer } from '../../balancer/schema/balancer.ts';
import { wantedPorts } from './ports.ts';
import { OWNER_TAG, REGIONS_TAG } from './world.ts';

/** What a balancer asks for, in every Region alike. */
export interface Wanted {
  readonly name: string;
  readonly regions: readonly string[];
  /** Instances in each Region. */
  readonly count: number;
  readonly blueprint: string;
  /** A size such as `micro`, or the ID of a bundle. */
  readonly bundle: string;
  /** Letters; all that the Region has where left out. */
  readonly zones: readonly string[] | null;
  readonly keyPair: string | null;
  readonly nginx: 'distribution' | 'nginx.org';
  readonly staticIp: boolean;
  readonly snapshots: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly ports: readonly PortRule[];
}

/** @param regions where lb.yaml names them, those; else the one that the environment or the profile says. */
export function wantedOf(balancer: Balancer, regions: readonly string[]): Wanted {
  const { name } = balancer;
  const lightsail = balancer.lightsail!;
  return {
    name,
    regions,
    count: lightsail.instances,
    blueprint: lightsail.blueprint,
    bundle: lightsail.bundle,
    zones: lightsail.zones ?? null,
    keyPair: lightsail.key_pair ?? null,
    nginx: lightsail.nginx,
    staticIp: lightsail.static_ip,
    snapshots: lightsail.snapshots ?? null,
    tags: {
      ...lightsail.tags,
      [OWNER_TAG]: name,
      [REGIONS_TAG]: regions.toSorted().join(' '),
    },
    ports: wantedPorts(balancer),
  };
}

/** Name of an instance; they count from 1 in every Region. */
export function machineName(name: string, region: string, number: number): string {
  return `${name}-${region}-${number}`;
}

/** Name of a static address. It belongs to a place in the Region, and moves to the instance that takes the place. */
export function addressName(name: string, region: string, number: number): string {
  return `${name}-${region}-ip-${number}`;
}

/** Number in a name; null where it is not one of this balancer's. */
export function numberIn(given: string, prefix: string): number | null {
  const rest = given.startsWith(prefix) ? given.slice(prefix.length) : '';
  return /^[1-9]\d{0,3}$/u.test(rest) ? Number(rest) : null;
}

/** Whether a bundle is the one that is asked for; a size is any of its generations that has an IPv4 address. */
export function isBundle(wanted: string, id: string): boolean {
  const isSize = /^[a-z0-9]+$/u.test(wanted);
  return id === wanted || (isSize && new RegExp(`^${wanted}_\\d+_\\d+$`, 'u').test(id));
}
