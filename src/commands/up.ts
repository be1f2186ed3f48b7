import { statementFor } from '../lib/dns/permissions.ts';
import { UserError } from '../lib/errors.ts';
import type { Io } from '../lib/io.ts';
import { providerOf } from '../lib/providers/registry.ts';
import { loadBalancer } from '../lib/source/load.ts';
import { closingAsked } from './lockdown/closing.ts';
import type { Invocation, Outcome } from './command.ts';
import { described } from './roll-out/described.ts';
import { dnsFollowing } from './dns/following.ts';
import { untilForgotten } from './dns/forgotten.ts';
import { rollOutFrom } from './roll-out/roll-out.ts';
import type { Work } from './roll-out/work.ts';

/** `--json`: see `rollOutFrom`; with `--iam-policy`, `{schemaVersion, policy}`. */
export function run(invocation: Invocation): Promise<Outcome> {
  return invocation.options['iamPolicy'] === true
    ? printPolicy(invocation)
    : rollOutFrom(invocation, comingUp(invocation));
}

async function printPolicy(invocation: Invocation): Promise<Outcome> {
  const { terminal } = invocation;
  const loaded = await loadBalancer(invocation);
  const provider = await providerOf(loaded.balancer);
  const { dns } = loaded.balancer;
  const records = dns && invocation.options['dns'] !== false ? [statementFor(dns)] : [];
  if (!provider.policy && records.length === 0)
    throw new UserError('usage', 'no-policy', `provider ${provider.name} asks nothing of AWS`, {
      hint: 'leave --iam-policy out',
    });
  const place = provider.locate(loaded);
  invocation.atEnd(() => provider.close(place));
  const own = await provider.policy?.(place);
  const policy = { Version: '2012-10-17', Statement: [...(own?.Statement ?? []), ...records] };
  if (terminal.json) terminal.printJson({ policy });
  else terminal.printDocument(JSON.stringify(policy, null, 2));
  return 0;
}

/** What `up` does, and `plan` shows: the provider's own steps, and then the release. */
export function comingUp(invocation: Invocation): Work {
  return {
    action: 'up',
    brings: true,
    async choose(world, surveyed) {
      const { provider, place } = world;
      const { desired, choice } = await described(invocation, world, surveyed);
      const observed = await provider.observe(place);
      const { steps, after = [], notes = [] } = provider.plan(desired, observed);
      const following = await dnsFollowing(invocation, world);
      const closing = await closingAsked(world.loaded.balancer, world.lists);
      const take = (some: typeof steps) => (io: Io, signal: AbortSignal) =>
        provider.execute(some, desired, io, signal);
      const told = [...(choice.notes === undefined ? [] : [choice.notes]), ...notes];
      return {
        ...choice,
        remarks: [...(choice.remarks ?? []), ...closing.remarks],
        notes: told.length === 0 ? undefined : told.join('\n'),
        refusal: following.refusal,
        question: 'Do this?',
        again: 'lbctl up',
        ahead: { steps, check: () => provider.check(desired, observed), take: take(steps) },
        after: {
          steps: [...following.steps, ...after, ...closing.steps],
          async take(io, signal) {
            const seconds = await following.take(io);
            if (after.length > 0) await untilForgotten(seconds, io, signal);
            await take(after)(io, signal);
            if (!signal.aborted) await closing.take(io);
          },
        },
      };
    },
  };
}
