import type { Decision } from './decide.ts';
import type { LightsailStep } from './steps.ts';
import { addressName, numberIn, type Wanted } from './wanted.ts';
import type { Address, RegionWorld } from './world.ts';

/** A static address, and the instance that has it in the end. */
interface Seat {
  readonly name: string;
  readonly machine: string;
  /** The address itself; null where it is still to be had. */
  readonly address: string | null;
  /** Instance that has it now. */
  readonly from: string | null;
}

/** Which address each instance has in the end: the one it has, that of the one it replaces, a free one, a new one. */
export function seatsOf(wanted: Wanted, world: RegionWorld, { keep, make, drop }: Decision): readonly Seat[] {
  if (!wanted.staticIp) return [];
  const known = new Set(world.machines.map(({ name }) => name));
  const usable = world.addresses.filter(({ attachedTo }) => attachedTo === null || known.has(attachedTo));
  const free = new Set(usable);
  const take = (test: (address: Address) => boolean): Address | undefined => {
    const found = [...free].find(test);
    if (found) free.delete(found);
    return found;
  };
  const seats: Seat[] = [];
  const sit = (machine: string, address: Address | undefined): boolean => {
    if (address) seats.push({ ...address, machine, from: address.attachedTo });
    return address !== undefined;
  };
  const standing: string[] = [];
  for (const { name } of keep) {
    if (
      !sit(
        name,
        take(({ attachedTo }) => attachedTo === name),
      )
    )
      standing.push(name);
  }
  for (const { name, replaces } of make) {
    const before = replaces?.machine.name;
    const isIts = before !== undefined && take(({ attachedTo }) => attachedTo === before);
    if (!isIts || !sit(name, isIts)) standing.push(name);
  }
  const dropped = new Set(drop.map(({ name }) => name));
  for (const machine of standing) {
    const given =
      take(({ attachedTo }) => attachedTo === null) ??
      take(({ attachedTo }) => attachedTo !== null && dropped.has(attachedTo));
    if (!sit(machine, given))
      seats.push({ name: newName(wanted, world, seats), machine, address: null, from: null });
  }
  return seats;
}

function newName(wanted: Wanted, { region, addresses }: RegionWorld, seats: readonly Seat[]): string {
  const taken = new Set([...addresses, ...seats].map(({ name }) => name));
  for (let number = 1; ; number++) {
    const name = addressName(wanted.name, region, number);
    if (!taken.has(name)) return name;
  }
}

/**
 * Has an instance have its address.
 * @param when `first` where nobody has it, `last` where it is taken from an instance that still serves.
 */
export function addressSteps(
  seats: readonly Seat[],
  region: string,
  machine: string,
  when: 'first' | 'last',
): LightsailStep[] {
  return seats
    .filter(
      (seat) =>
        seat.machine === machine && seat.from !== machine && (seat.from === null) === (when === 'first'),
    )
    .map(({ name, address, from }) => ({
      kind: 'address',
      action: address === null ? 'create' : 'change',
      resource: 'static address',
      name,
      details: [`${address ?? 'a new one'} for ${machine}${from === null ? '' : `, taken from ${from}`}`],
      ...(from === null ? {} : { traffic: 'while it moves, for some seconds, nobody answers at it' }),
      region,
      machine,
      address: name,
      isThere: address !== null,
      from,
    }));
}

/** Gives back the addresses that no instance needs. */
export function looseAddresses(seats: readonly Seat[], wanted: Wanted, world: RegionWorld): LightsailStep[] {
  const needed = new Set(seats.map(({ name }) => name));
  return ownAddresses(wanted.name, world)
    .filter(({ name }) => !needed.has(name))
    .map((address) => releaseStep(world.region, address));
}

/** Those that lbctl has got, as their names tell: addresses have no tags. */
export function ownAddresses(name: string, { region, addresses, machines }: RegionWorld): Address[] {
  const prefix = addressName(name, region, 0).slice(0, -1);
  return addresses.filter(
    (address) =>
      numberIn(address.name, prefix) !== null &&
      (address.attachedTo === null || machines.some((machine) => machine.name === address.attachedTo)),
  );
}

/** Gives an address back. */
export function releaseStep(region: string, { name, address, attachedTo }: Address): LightsailStep {
  return {
    kind: 'release-address',
    action: 'delete',
    resource: 'static address',
    name,
    details: [`${address}, ${attachedTo === null ? 'which no instance has' : `of ${attachedTo}`}`],
    ...(attachedTo === null ? {} : { traffic: `nobody answers at ${address} any longer` }),
    region,
    machine: attachedTo ?? name,
    address: name,
  };
}
