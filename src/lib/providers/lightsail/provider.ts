import { UserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { withDrained } from '../../pool/drained.ts';
import { spawned } from '../../release/transports/spawned.ts';
import type { Provider } from '../provider.ts';
import { bundleOf, type Desired as OnNodes, desiredOn } from '../ssh/desired.ts';
import { addressesOf } from './addresses.ts';
import { adoption } from './adopt.ts';
import type { Known } from '../ssh/hosts.ts';
import { finishBoot } from './boot.ts';
import type { Tools } from './execute.ts';
import { firstBoot } from './first-boot.ts';
import { takeSteps } from './lanes.ts';
import { type Place, placeOf } from './place.ts';
import { plan, planRemoval } from './plan.ts';
import { beyond } from './ports.ts';
import { policyFor } from './policy.ts';
import { status } from './status.ts';
import type { LightsailStep } from './steps.ts';
import type { Wanted } from './wanted.ts';
import { wayInRemark } from './way-in.ts';
import type { RegionWorld } from './world.ts';

/** A balancer on Lightsail, as it should be: instances, and what they serve. */
interface Desired extends OnNodes {
  readonly place: Place;
  readonly wanted: Wanted;
}

/** Instances of Amazon Lightsail, which lbctl makes; releases come to them by ssh. */
export const provider: Provider<Place, Desired, readonly RegionWorld[], LightsailStep, LightsailStep> = {
  name: 'lightsail',
  locate: placeOf,
  async desire(place, loaded) {
    const nodes = await place.known();
    const wanted = await place.wanted();
    const { warnings, ...onNodes } = await desiredOn(place.name, loaded, nodes);
    const closing = await closingRemark(place, nodes, wanted);
    return { ...onNodes, warnings: closing === null ? warnings : [...warnings, closing], place, wanted };
  },
  observe: (place) => place.worlds(),
  plan: ({ wanted }, worlds) => plan(wanted, worlds),
  // better before instances are made than after
  check: checkSsh,
  planRemoval: ({ name }, worlds) => planRemoval(name, worlds),
  async execute(steps, { place }, io, signal) {
    for (const some of stretches(steps)) await take(some, place, io, signal);
  },
  remove: take,
  // names are taken once, and every node sees to it that one is at work at a time
  exclusively: (_, __, work) => work(),
  nodes: async (place, _, coming = false) => (await place.choose(coming)).map(({ node }) => node),
  bundle: bundleOf,
  addresses: async (place) => addressesOf(await place.wanted(), await place.worlds()),
  status: (place, loaded) =>
    status(place, async (drained, known) => {
      try {
        return (await desiredOn(place.name, withDrained(loaded, drained), known)).release.digest;
      } catch (error) {
        if (error instanceof UserError) return error;
        throw error;
      }
    }),
  adopt: adoption,
  policy: async (place) => policyFor(place.loaded.balancer, (await place.wanted()).regions),
  close: (place) => place.close(),
};

/** Whether the firewall is about to close behind whoever is logged in. */
async function closingRemark(
  place: Place,
  nodes: readonly Known[],
  { ports }: Wanted,
): Promise<string | null> {
  const machines = (await place.worlds()).flatMap((world) => world.machines);
  const node = nodes.find(({ node, name }) => {
    const machine = node.coming ? undefined : machines.find((other) => other.name === name);
    return machine && beyond(machine.ports, ports).some((hole) => / 22(?: |-)/u.test(hole));
  });
  return node ? wayInRemark(node.node.transport, ports) : null;
}

/** @throws UserError `failed` where there is no ssh. */
async function checkSsh(): Promise<void> {
  try {
    await spawned(['ssh', '-V']);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new UserError('failed', 'ssh-missing', 'ssh is not installed here, and releases come by it', {
      cause,
      hint: 'install it: sudo apt-get install openssh-client',
    });
  }
}

/**
 * Steps that may be taken side by side, in the order of the plan. What takes something away, or moves it, is taken by
 * itself: an address moves before the instance goes that had it.
 */
function stretches(steps: readonly LightsailStep[]): LightsailStep[][] {
  const result: LightsailStep[][] = [];
  let open: LightsailStep[] | undefined;
  for (const step of steps) {
    const alone =
      step.kind === 'delete' ||
      step.kind === 'release-address' ||
      (step.kind === 'address' && step.from !== null);
    if (alone) {
      result.push([step]);
      open = undefined;
    } else if (open) {
      open.push(step);
    } else {
      open = [step];
      result.push(open);
    }
  }
  return result;
}

async function take(
  steps: readonly LightsailStep[],
  place: Place,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  if (steps.length === 0) return;
  const wanted = await place.wanted();
  const script = firstBoot(place.loaded.balancer);
  const toolsFor = ({ region }: LightsailStep): Tools => {
    const api = place.apiIn(region);
    return {
      api,
      wanted,
      userData: script,
      async boot(machine) {
        const transport = place.keys.transportTo(api, machine);
        try {
          await finishBoot(transport, script, io);
        } finally {
          await transport.close();
        }
      },
    };
  };
  const booted = steps.filter(({ kind }) => kind === 'boot' || kind === 'start');
  await takeSteps(steps, toolsFor, io, signal);
  await place.changed(booted.map(({ machine }) => machine));
}
