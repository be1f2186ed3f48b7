import { checkCatalogue } from './catalogue.ts';
import { costNotes, dollars } from './cost.ts';
import { decide, type Decision, isReady, nameTaken } from './decide.ts';
import { alike, beyond, portLine, united } from './ports.ts';
import { addressSteps, looseAddresses, ownAddresses, releaseStep, seatsOf } from './seats.ts';
import type { LightsailPlan, LightsailStep } from './steps.ts';
import type { Wanted } from './wanted.ts';
import { isLeaving, type Machine, REGIONS_TAG, type RegionWorld } from './world.ts';

/**
 * Steps from what there is to what lb.yaml says. What takes something away comes after the release, when the others
 * serve.
 * @throws UserError `failed` where a name is taken, or a blueprint, bundle or zone cannot be had.
 */
export function plan(wanted: Wanted, worlds: readonly RegionWorld[]): LightsailPlan {
  const decided = worlds.map((world) => ({ world, decision: decide(wanted, world) }));
  const parts = decided.map(({ world, decision }) => planRegion(wanted, world, decision));
  return {
    balancer: wanted.name,
    provider: 'lightsail',
    steps: parts.flatMap(({ steps }) => steps),
    after: [
      ...parts.flatMap(({ after }) => after),
      // as long as something is left in a Region that was taken out, the others must name it
      ...decided.flatMap(({ decision }) => decision.keep.flatMap((machine) => regionStep(wanted, machine))),
    ],
    notes: costNotes(wanted, decided),
  };
}

interface Part {
  readonly steps: readonly LightsailStep[];
  readonly after: readonly LightsailStep[];
}

function planRegion(wanted: Wanted, world: RegionWorld, decision: Decision): Part {
  const { region } = world;
  const taken = decision.make.find(({ name }) => world.foreign.includes(name));
  if (taken) throw nameTaken(wanted, region, taken.name);
  if (decision.make.length > 0) checkCatalogue(wanted, world);
  const seats = seatsOf(wanted, world, decision);
  const zones = zonesFor(wanted, world, decision);
  const made = decision.make.flatMap(({ name, replaces }, index) => [
    makeStep(wanted, world, name, zones[index]!, replaces),
    ...addressSteps(seats, region, name, 'first'),
    portStep('create', region, name, wanted.ports, wanted.ports.map(portLine)),
    bootStep(wanted, region, name),
  ]);
  const kept = decision.keep.map((machine) => planKept(wanted, machine));
  return {
    steps: [
      ...made,
      ...decision.keep.flatMap((machine, index) => {
        const [start, ...rest] = [startStep(machine), ...kept[index]!.steps];
        return [
          ...(start ? [start] : []),
          ...addressSteps(seats, region, machine.name, 'first'),
          ...rest,
          ...(isReady(machine) ? [] : [bootStep(wanted, region, machine.name)]),
        ];
      }),
    ],
    after: [
      ...[...decision.make, ...decision.keep].flatMap(({ name }) =>
        addressSteps(seats, region, name, 'last'),
      ),
      ...kept.flatMap(({ after }) => after),
      ...looseAddresses(seats, wanted, world),
      ...decision.drop.map(deleteStep),
    ],
  };
}

/** What is to be changed on an instance that stays. */
function planKept(wanted: Wanted, machine: Machine): Part {
  const { name, region } = machine;
  const lane = { region, machine: name };
  const missing = beyond(wanted.ports, machine.ports);
  const surplus = beyond(machine.ports, wanted.ports);
  const asked = { ...wanted.tags, [REGIONS_TAG]: bothRegions(wanted, machine) };
  const tags = Object.fromEntries(
    Object.entries(asked).filter(([key, value]) => machine.tags[key] !== value),
  );
  return {
    steps: [
      ...(missing.length > 0
        ? [portStep('change', region, name, united(machine.ports, wanted.ports), signed('+', missing))]
        : []),
      ...(Object.keys(tags).length > 0 ? [tagStep(machine, tags)] : []),
      ...(machine.snapshots === wanted.snapshots
        ? []
        : [
            {
              ...lane,
              kind: 'snapshots' as const,
              action: 'change' as const,
              resource: 'snapshots',
              name: `of ${name}`,
              details: [
                wanted.snapshots === null
                  ? `no longer at ${machine.snapshots} UTC; those that there are stay`
                  : `every day at ${wanted.snapshots} UTC`,
              ],
              hour: wanted.snapshots,
            },
          ]),
    ],
    after:
      surplus.length > 0 || !alike(united(machine.ports, wanted.ports), wanted.ports)
        ? [portStep('change', region, name, wanted.ports, signed('-', surplus))]
        : [],
  };
}

/** Regions that the balancer is in or was in, as long as both hold. */
function bothRegions({ regions }: Wanted, { tags }: Machine): string {
  const before = (tags[REGIONS_TAG] ?? '').split(' ').filter((region) => region !== '');
  return [...new Set([...before, ...regions])].toSorted().join(' ');
}

function regionStep(wanted: Wanted, machine: Machine): LightsailStep[] {
  const regions = wanted.tags[REGIONS_TAG]!;
  return bothRegions(wanted, machine) === regions ? [] : [tagStep(machine, { [REGIONS_TAG]: regions })];
}

function tagStep({ name, region }: Machine, tags: Readonly<Record<string, string>>): LightsailStep {
  return {
    kind: 'tags',
    action: 'change',
    resource: 'tags',
    name: `of ${name}`,
    details: Object.entries(tags).map(([key, value]) => `${key}: ${value}`),
    region,
    machine: name,
    tags,
  };
}

function signed(sign: '+' | '-', lines: readonly string[]): string[] {
  return lines.map((line) => `${sign} ${line}`);
}

function makeStep(
  wanted: Wanted,
  { region, catalogue }: RegionWorld,
  name: string,
  zone: string,
  replaces: Decision['make'][number]['replaces'],
): LightsailStep {
  const { blueprint, bundle } = catalogue!;
  const { id, cpus, memory, transfer, price } = bundle!;
  const address = wanted.staticIp
    ? 'its address moves at the end, which takes some seconds'
    : `clients must be led to the address of ${name}`;
  return {
    kind: 'make',
    action: replaces ? 'replace' : 'create',
    resource: 'instance',
    name,
    details: [
      ...(replaces ? [`in place of ${replaces.machine.name}: ${replaces.because}`] : []),
      `${blueprint!.name} (${wanted.blueprint}) in ${zone}`,
      `${id}: ${memory} GB, ${cpus === 1 ? '1 CPU' : `${cpus} CPUs`}, ${transfer} GB of transfer, ${dollars(price)} a month`,
      ...(wanted.snapshots === null ? [] : [`a snapshot every day at ${wanted.snapshots} UTC`]),
    ],
    ...(replaces ? { traffic: address } : {}),
    monthly: price,
    region,
    machine: name,
    zone,
    bundle: id,
  };
}

function bootStep({ blueprint, nginx }: Wanted, region: string, machine: string): LightsailStep {
  const isBitnami = blueprint === 'nginx';
  const from = isBitnami
    ? 'by Bitnami, as the image has it'
    : `from the packages of ${nginx === 'nginx.org' ? 'nginx.org' : 'the system'}`;
  return {
    kind: 'boot',
    action: 'create',
    resource: 'nginx',
    name: `on ${machine}`,
    details: [
      from,
      'security updates install themselves',
      isBitnami
        ? 'certbot and curl; the page of the image until the release comes'
        : 'a page for health checks until the release comes',
    ],
    region,
    machine,
  };
}

function startStep({ name, region, state }: Machine): LightsailStep | undefined {
  if (state === 'running') return undefined;
  return {
    kind: 'start',
    action: 'change',
    resource: 'instance',
    name,
    details: [state === 'pending' ? 'it starts, and is waited for' : `it is ${state}, and is started`],
    region,
    machine: name,
  };
}

function portStep(
  action: 'create' | 'change',
  region: string,
  machine: string,
  ports: Wanted['ports'],
  details: readonly string[],
): LightsailStep {
  const name = `of ${machine}`;
  return { kind: 'ports', action, resource: 'firewall', name, details, region, machine, ports };
}

function deleteStep({ name, region, bundle }: Machine): LightsailStep {
  return {
    kind: 'delete',
    action: 'delete',
    resource: 'instance',
    name,
    details: [`${bundle} in ${region}, with all that is on it`],
    region,
    machine: name,
  };
}

/** Zones of the instances that are made: in turn, those with the fewest first. */
function zonesFor(wanted: Wanted, { region, catalogue }: RegionWorld, { keep, make }: Decision): string[] {
  const zones = wanted.zones?.map((letter) => `${region}${letter}`) ?? catalogue?.zones ?? [];
  const counts = new Map(zones.map((zone) => [zone, keep.filter((machine) => machine.zone === zone).length]));
  return make.map(() => {
    const [zone, count] = [...counts].toSorted(([, a], [, b]) => a - b)[0]!;
    counts.set(zone, count + 1);
    return zone;
  });
}

/** Steps that leave nothing of a balancer. */
export function planRemoval(name: string, worlds: readonly RegionWorld[]): LightsailPlan {
  const steps = worlds.flatMap((world) => [
    ...ownAddresses(name, world).map((address) => releaseStep(world.region, address)),
    ...world.machines.filter((machine) => !isLeaving(machine)).map(deleteStep),
  ]);
  return { balancer: name, provider: 'lightsail', steps, notes: strangersNotes(name, worlds) };
}

/** Addresses that were there before lbctl came stay, and cost something from then on. */
function strangersNotes(name: string, worlds: readonly RegionWorld[]): string[] {
  return worlds.flatMap((world) => {
    const own = new Set(ownAddresses(name, world).map((address) => address.name));
    return world.addresses
      .filter((address) => address.attachedTo !== null && !own.has(address.name))
      .filter(({ attachedTo }) => world.machines.some((machine) => machine.name === attachedTo))
      .map(
        ({ name, address }) =>
          `${address} (${name}) stays, and costs something without an instance: aws lightsail release-static-ip --static-ip-name ${name} --region ${world.region}`,
      );
  });
}
