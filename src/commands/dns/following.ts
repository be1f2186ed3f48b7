import type { Balancer } from '../../lib/balancer/schema/balancer.ts';
import { guard } from '../../lib/dns/change/guard.ts';
import type { Io } from '../../lib/io.ts';
import type { Step } from '../../lib/plan/step.ts';
import type { AnyProvider } from '../../lib/providers/registry.ts';
import type { Loaded } from '../../lib/source/load.ts';
import type { Invocation } from '../command.ts';

interface Following {
  readonly steps: readonly Step[];
  /** @returns seconds for which resolvers may still give out what was there before. */
  take(io: Io): Promise<number>;
}

interface Home {
  readonly provider: AnyProvider;
  readonly place: unknown;
  readonly loaded: Loaded;
}

const NOTHING: Following = { steps: [], take: async () => 0 };

/** Records that lead clients to a balancer once it answers; none with `--no-dns`, or where lb.yaml asks for none. */
export async function dnsFollowing(invocation: Invocation, home: Home): Promise<Following> {
  const { dns } = home.loaded.balancer;
  if (!dns || invocation.options['dns'] === false) return NOTHING;
  const { fromBalancer } = await import('./wanted.ts');
  const { look, route53For } = await import('./world.ts');
  const addresses = await addressesOf(home);
  const coming = comingRegions(home.loaded.balancer, addresses);
  const api = await route53For(invocation);
  const take = async (io: Io): Promise<number> => {
    const asked = fromBalancer(home.loaded, await addressesOf(home));
    const looked = await look(invocation, asked, api);
    if (looked.plan.steps.length === 0) return 0;
    if (invocation.options['force'] !== true) guard(looked.plan.difference);
    const { carryOut } = await import('./apply.ts');
    await carryOut(invocation, asked, looked, { api, io });
    const before = looked.plan.difference.changes.flatMap(({ changes }) => changes);
    const kept = before
      .filter(({ Action }) => Action === 'DELETE')
      .map(({ ResourceRecordSet: { TTL = 60 } }) => TTL);
    return Math.max(0, ...kept);
  };
  // what leads to addresses that are still to be had can be named, and not yet compared
  if (coming.length > 0) return { steps: [comingStep(dns, coming)], take };
  const { plan } = await look(invocation, fromBalancer(home.loaded, addresses), api);
  return { steps: plan.steps, take };
}

async function addressesOf({ provider, place }: Home): Promise<Readonly<Record<string, readonly string[]>>> {
  const found = (await provider.addresses?.(place)) ?? {};
  return Object.fromEntries(Object.entries(found).filter(([, addresses]) => addresses.length > 0));
}

/** Regions of the balancer that have no address yet. */
function comingRegions(
  { dns, regions = [], provider }: Balancer,
  addresses: Readonly<Record<string, unknown>>,
): string[] {
  if (provider !== 'lightsail') return [];
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
