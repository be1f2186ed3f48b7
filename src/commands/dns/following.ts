import type { Balancer } from '../../lib/balancer/schema/balancer.ts';
import type { Difference } from '../../lib/dns/change/diff.ts';
import { guard } from '../../lib/dns/change/guard.ts';
import { UserError } from '../../lib/errors.ts';
import type { Io } from '../../lib/io.ts';
import type { Step } from '../../lib/plan/step.ts';
import type { AnyProvider } from '../../lib/providers/registry.ts';
import type { Loaded } from '../../lib/source/load.ts';
import type { Invocation } from '../command.ts';

interface Following {
  readonly steps: readonly Step[];
  /** @returns seconds for which resolvers may still give out what was there before. */
  take(io: Io): Promise<number>;
  /** Why it is not done, though it can be shown. */
  readonly refusal?: UserError | undefined;
}

interface Home {
  readonly provider: AnyProvider;
  readonly place: unknown;
  readonly loaded: Loaded;
}

/** Seconds that load balancers have for their addresses. */
const ALIAS_TTL = 60;

const NOTHING: Following = { steps: [], take: async () => 0 };

/** Records that lead clients to a balancer once it answers; none with `--no-dns`, or where lb.yaml asks for none. */
export async function dnsFollowing(invocation: Invocation, home: Home): Promise<Following> {
  const { dns } = home.loaded.balancer;
  if (!dns || invocation.options['dns'] === false) return NOTHING;
  const { fromBalancer } = await import('./wanted.ts');
  const { look, route53For } = await import('./world.ts');
  const addresses = await addressesOf(home);
  const coming = home.provider.addresses ? comingRegions(home.loaded.balancer, addresses) : [];
  const api = await route53For(invocation);
  const take = async (io: Io): Promise<number> => {
    const asked = fromBalancer(home.loaded, await addressesOf(home));
    const looked = await look(invocation, asked, api);
    if (looked.plan.steps.length === 0) return 0;
    const refusal = refusalOf(looked.plan.difference);
    if (refusal) throw refusal;
    const { carryOut } = await import('./apply.ts');
    await carryOut(invocation, asked, looked, { api, io });
    return keptFor(looked.plan.difference);
  };
  // what leads to addresses that are still to be had can be named, and not yet compared
  if (coming.length > 0) return { steps: [comingStep(dns, coming)], take };
  const asked = fromBalancer(home.loaded, addresses);
  const { plan } = await withWayOut(() => look(invocation, asked, api));
  return { steps: plan.steps, take, refusal: refusalOf(plan.difference) };
}

/** Why so much is not changed along with other things. */
function refusalOf(difference: Difference): UserError | undefined {
  try {
    guard(difference);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return new UserError(error.kind, error.code, error.message, {
      hint: 'if that is meant, bring them by themselves: lbctl dns apply --force; or leave them as they are: --no-dns',
    });
  }
}

/**
 * What takes the records of a balancer away, before it goes itself; none with `--no-dns`, or where lb.yaml asks for none.
 */
export async function dnsLeaving(invocation: Invocation, { balancer }: Loaded): Promise<Following> {
  const { dns, name } = balancer;
  if (!dns || invocation.options['dns'] === false) return NOTHING;
  const { build } = await import('../../lib/dns/wanted/build.ts');
  const { planFor } = await import('../../lib/dns/change/plan.ts');
  const { observe } = await import('../../lib/dns/route53/observe.ts');
  const { route53For } = await import('./world.ts');
  const api = await route53For(invocation);
  const { zone, private: isPrivate } = dns;
  const nothing = { names: [], regions: {}, mustStay: {}, authorities: [] };
  const { wanted } = build({ zone, isPrivate, owner: name, ...nothing });
  const observed = await withWayOut(() => observe(api, wanted));
  const plan = planFor(observed, wanted);
  return {
    steps: plan.steps,
    async take(io) {
      const { carryOut } = await import('./apply.ts');
      await carryOut(invocation, { wanted, loaded: undefined }, { observed, plan }, { api, io });
      return keptFor(plan.difference);
    },
  };
}

/** Seconds for which resolvers may give out what was there before. */
function keptFor({ changes }: Difference): number {
  const before = changes.flatMap(({ before, action }) => (action === 'create' ? [] : before));
  return Math.max(0, ...before.map(({ TTL = ALIAS_TTL }) => TTL));
}

/** Tells whoever cannot reach Route 53 that there is a way without it. */
async function withWayOut<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError) || (error.kind !== 'failed' && error.kind !== 'denied')) throw error;
    const { kind, code, message, hint, evidence, cause } = error;
    const way = '--no-dns leaves the records as they are';
    throw new UserError(kind, code, message, {
      hint: hint === undefined ? way : `${hint}; ${way}`,
      evidence,
      cause,
    });
  }
}

async function addressesOf({ provider, place }: Home): Promise<Readonly<Record<string, readonly string[]>>> {
  const found = (await provider.addresses?.(place)) ?? {};
  return Object.fromEntries(Object.entries(found).filter(([, addresses]) => addresses.length > 0));
}

/** Regions of the balancer that have no address yet. */
function comingRegions(
  { dns, regions = [] }: Balancer,
  addresses: Readonly<Record<string, unknown>>,
): string[] {
  const known = { ...addresses, ...dns?.regions };
  // which Region it is where none is named, the provider knows
  if (regions.length === 0) return Object.keys(known).length === 0 ? ['its Region'] : [];
  return regions.filter((region) => !Object.hasOwn(known, region));
}

function comingStep({ name, zone }: NonNullable<Balancer['dns']>, coming: readonly string[]): Step {
  return {
    kind: 'records',
    action: 'create',
    resource: 'record',
    name: name ?? zone,
    details: [
      `once ${coming.join(', ')} ${coming.length === 1 ? 'has its address' : 'have their addresses'}`,
    ],
  };
}
