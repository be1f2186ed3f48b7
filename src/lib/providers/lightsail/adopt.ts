import { UserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { Adoption } from '../provider.ts';
import type { Api } from './api.ts';
import { perform } from './execute.ts';
import type { Place } from './place.ts';
import { plan } from './plan.ts';
import type { LightsailStep } from './steps.ts';
import type { Wanted } from './wanted.ts';
import { type Machine, OWNER_TAG, type RegionWorld } from './world.ts';

/**
 * Makes an instance that somebody has built one of a balancer's: it is tagged, and nothing else is changed.
 * @throws UserError `failed` where there is no such instance, or it belongs to another balancer.
 */
export async function adoption(place: Place, name: string): Promise<Adoption> {
  const wanted = await place.wanted();
  const lists = await Promise.all(wanted.regions.map((region) => place.apiIn(region).machines()));
  const machine = only(name, lists.flat(), wanted);
  const step: LightsailStep = {
    kind: 'tags',
    action: 'change',
    resource: 'instance',
    name,
    details: [
      `${machine.address ?? 'without an address'} in ${machine.zone}, ${machine.blueprint}, ${machine.bundle}`,
      `becomes one of ${wanted.name}: ${OWNER_TAG}: ${wanted.name}`,
    ],
    region: machine.region,
    machine: name,
    tags: { [OWNER_TAG]: wanted.name },
  };
  const isIts = machine.tags[OWNER_TAG] === wanted.name;
  const worlds = await place.worlds(true);
  const next = plan(wanted, isIts ? worlds : worlds.map((world) => joined(world, machine, wanted.name)));
  return {
    plan: { balancer: wanted.name, provider: 'lightsail', steps: isIts ? [] : [step] },
    afterwards: { ...next, steps: [...next.steps, ...(next.after ?? [])] },
    take: (io) => tagged(step, place.apiIn(machine.region), wanted, io),
  };
}

function only(name: string, machines: readonly Machine[], wanted: Wanted): Machine {
  const found = machines.filter((machine) => machine.name === name);
  const [machine] = found;
  const where = wanted.regions.join(', ');
  if (!machine)
    throw new UserError('failed', 'no-such-instance', `there is no instance ${name} in ${where}`, {
      hint:
        machines.length === 0
          ? `aws lightsail get-instances --region ${wanted.regions[0]} lists those of a Region`
          : `there are ${machines.map((other) => other.name).join(', ')}`,
    });
  if (found.length > 1)
    throw new UserError('failed', 'several-instances', `there is an instance ${name} in several Regions`, {
      hint: `have only one of ${where} in lb.yaml while you adopt it`,
    });
  const owner = machine.tags[OWNER_TAG];
  if (owner !== undefined && owner !== wanted.name)
    throw new UserError('failed', 'not-ours', `${name} belongs to the balancer ${owner}`, {
      hint: `if that is gone: aws lightsail untag-resource --resource-name ${name} --region ${machine.region} --tag-keys ${OWNER_TAG}`,
    });
  return machine;
}

/** A Region as it is once the instance belongs to the balancer. */
function joined(world: RegionWorld, machine: Machine, owner: string): RegionWorld {
  if (world.region !== machine.region) return world;
  return {
    ...world,
    machines: [...world.machines, { ...machine, tags: { ...machine.tags, [OWNER_TAG]: owner } }],
    foreign: world.foreign.filter((name) => name !== machine.name),
  };
}

async function tagged(step: LightsailStep, api: Api, wanted: Wanted, io: Io): Promise<void> {
  const text = `tagging ${step.machine}`;
  io.notify({ kind: 'start', text });
  await perform(step, { api, wanted, userData: '', boot: async () => undefined });
  io.notify({ kind: 'done', text });
}
