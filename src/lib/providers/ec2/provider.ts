import { partitionOf } from '../../aws/partition.ts';
import { UserError } from '../../errors.ts';
import { withDrained } from '../../pool/drained.ts';
import type { Provider } from '../provider.ts';
import { bundleOf } from '../ssh/desired.ts';
import { addressesOf } from './addresses.ts';
import { behindRemarks } from './behind.ts';
import { type Desired, desiredIn } from './desired.ts';
import { drift } from './drift.ts';
import { execute, remove } from './execute.ts';
import { formerIn, newcomersBy } from './newcomers.ts';
import { notedBy } from './noted.ts';
import { type Place, placeOf } from './place.ts';
import { plan, planRemoval } from './plan.ts';
import { findActions } from '../../discovery/actions.ts';
import { policyFor } from './policy.ts';
import { status } from './status.ts';
import type { Ec2Step } from './steps.ts';
import { stackNameOf } from './wanted.ts';
import type { RegionWorld } from './world.ts';

/** An Auto Scaling group of nodes behind a Network Load Balancer: CloudFormation makes it, releases come by Run Command. */
export const provider: Provider<Place, Desired, readonly RegionWorld[], Ec2Step, Ec2Step> = {
  name: 'ec2',
  locate: placeOf,
  async desire(place, loaded, env) {
    const desired = await desiredIn(place, loaded, env);
    const behind = place.isComing() ? [] : await behindRemarks(place);
    return { ...desired, warnings: [...desired.warnings, ...behind] };
  },
  observe: async (place) => [...(await place.worlds()), ...(await place.left()).map(({ world }) => world)],
  plan: ({ balancer }, worlds) => plan(balancer, worlds),
  check: async () => undefined,
  planRemoval: ({ name }, worlds) => planRemoval(name, worlds),
  execute: async (steps, desired, io, signal) =>
    steps.length === 0 || signal.aborted ? undefined : execute(steps, desired, io),
  remove: async (steps, place, io, signal) => (signal.aborted ? undefined : remove(steps, place, io)),
  // CloudFormation does one thing with a stack at a time, and every node sees to it that one is at work
  exclusively: (_, __, work) => work(),
  nodes: (place, _, coming = false) => place.nodes(coming),
  bundle: bundleOf,
  async newcomers(place, release) {
    const stores = await place.stores();
    const { steps, take } = await newcomersBy(stores, release);
    return {
      steps,
      async take(io) {
        const note = await notedBy(place);
        for (const store of stores) await note(store);
        await take(io);
      },
    };
  },
  former: async (place) => formerIn(await place.stores()),
  addresses: addressesOf,
  status: (place, loaded, env) =>
    status(place, async (drained) => {
      try {
        return (await desiredIn(place, withDrained(loaded, drained), env)).release.digest;
      } catch (error) {
        if (error instanceof UserError) return error;
        throw error;
      }
    }),
  drift,
  policy: async ({ loaded: { balancer } }) =>
    policyFor(stackNameOf(balancer), partitionOf(balancer.regions?.[0] ?? ''), findActions(balancer)),
  close: (place) => place.close(),
};
