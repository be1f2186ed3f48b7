import { UserError } from '../../errors.ts';
import { isLeaving, type Machine, READY_TAG, type RegionWorld } from './world.ts';
import { isBundle, machineName, numberIn, type Wanted } from './wanted.ts';

/** What becomes of the instances in a Region. */
export interface Decision {
  /** Those that serve in the end and are there already. */
  readonly keep: readonly Machine[];
  /** Those that are to be made. */
  readonly make: readonly Making[];
  /** Those that go once the others serve. */
  readonly drop: readonly Machine[];
}

interface Making {
  readonly name: string;
  /** One that goes for it, and why; null where there is none. */
  readonly replaces: { readonly machine: Machine; readonly because: string } | null;
}

/**
 * What becomes of the instances in a Region: those that are as lb.yaml says stay, the rest is made anew beside them.
 */
export function decide(wanted: Wanted, { region, machines }: RegionWorld): Decision {
  const count = wanted.regions.includes(region) ? wanted.count : 0;
  const there = machines.filter((machine) => !isLeaving(machine)).toSorted(byNumber(wanted, region));
  const fitting = there.filter((machine) => mismatch(wanted, machine) === null);
  const keep = fitting.slice(0, count);
  const others = there.filter((machine) => !keep.includes(machine));
  const wrong = others.filter((machine) => mismatch(wanted, machine) !== null);
  const names = freeNames(wanted, region, count - keep.length, new Set(machines.map(({ name }) => name)));
  const make = names.map((name, index) => {
    const machine = wrong[index];
    return { name, replaces: machine ? { machine, because: mismatch(wanted, machine)! } : null };
  });
  return { keep, make, drop: others };
}

/** Whether NGINX was installed on it to the end. */
export function isReady({ tags }: Machine): boolean {
  return tags[READY_TAG] !== undefined;
}

/** What keeps an instance from being the one that lb.yaml asks for, in words; null where nothing does. */
function mismatch({ blueprint, bundle, zones }: Wanted, machine: Machine): string | null {
  if (machine.blueprint !== blueprint) return `${blueprint} in place of ${machine.blueprint}`;
  if (!isBundle(bundle, machine.bundle)) return `${bundle} in place of ${machine.bundle}`;
  const letter = machine.zone.slice(-1);
  if (zones !== null && !zones.includes(letter)) return `zone ${zones.join(' or ')} in place of ${letter}`;
  return null;
}

function byNumber({ name }: Wanted, region: string): (a: Machine, b: Machine) => number {
  const number = (machine: Machine): number =>
    numberIn(machine.name, machineName(name, region, 0).slice(0, -1)) ?? 0;
  // those that are ready first, so that what a run has left unfinished goes rather than what serves
  return (a, b) =>
    Number(isReady(b)) - Number(isReady(a)) || number(a) - number(b) || a.name.localeCompare(b.name);
}

function freeNames({ name }: Wanted, region: string, count: number, taken: ReadonlySet<string>): string[] {
  const names: string[] = [];
  for (let number = 1; names.length < count; number++) {
    const free = machineName(name, region, number);
    if (!taken.has(free)) names.push(free);
  }
  return names;
}

/** What stops it: a name that is somebody else's. */
export function nameTaken({ name }: Pick<Wanted, 'name'>, region: string, machine: string): UserError {
  return new UserError(
    'failed',
    'name-taken',
    `there is an instance ${machine} in ${region} that is not ${name}'s, and its name is needed`,
    {
      hint: `if it shall belong to ${name}: lbctl adopt ${machine}; if not, give the balancer another name`,
    },
  );
}
