import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { firewallsIn } from '../aws/lightsail/firewall.ts';
import { type LightsailInstance, listInstances } from '../aws/lightsail/instances.ts';
import type { Lists } from '../aws/lightsail/lists.ts';
import type { PortRule } from '../aws/lightsail/port-rules.ts';
import { homeRegion } from '../aws/lightsail/region.ts';
import type { Balancer } from '../balancer/schema/balancer.ts';
import { hasSources, sameRules } from './closing.ts';
import type { Around } from './members.ts';

/** Milliseconds after which a list that lags behind is asked for again. */
const PAUSE = 500;

/**
 * All instances of the Regions where servers of a balancer may be, some of them with the rules that their firewalls have
 * now. Nothing is changed.
 * @param lists in which they may be already; where firewalls tell something else, they are asked for anew.
 * @param which of them are looked at closely, a call each.
 */
export async function lookClosely(
  balancer: Balancer,
  lists: Lists,
  which: (around: Around) => readonly LightsailInstance[],
): Promise<Around> {
  const around = await lookAround(balancer, lists);
  const rules = await readRules(which(around));
  if (![...rules].some(isBehind)) return withRules(around, rules);
  // what it tells of tags is as old as what it tells of rules
  await sleep(PAUSE);
  lists.forget();
  const again = await lookAround(balancer, lists);
  return withRules(again, await readRules(which(again)));
}

type Rules = ReadonlyMap<LightsailInstance, readonly PortRule[]>;

/** Whether a list tells of other rules than a firewall has; where it leaves out who is let in, that cannot be told. */
function isBehind([{ rules }, now]: readonly [LightsailInstance, readonly PortRule[]]): boolean {
  return rules.every(hasSources) && !sameRules(rules, now);
}

function withRules(around: Around, rules: Rules): Around {
  const instances = around.instances.map((one) => ({ ...one, rules: rules.get(one) ?? one.rules }));
  return { ...around, instances };
}

/** The rules of firewalls, one after the other. */
async function readRules(instances: readonly LightsailInstance[]): Promise<Rules> {
  const rules = new Map<LightsailInstance, readonly PortRule[]>();
  for (const region of new Set(instances.map((instance) => instance.region))) {
    const firewalls = firewallsIn(region);
    try {
      for (const instance of instances)
        if (instance.region === region) rules.set(instance, await firewalls.rules(instance.name));
    } finally {
      firewalls.close();
    }
  }
  return rules;
}

/** All instances of the Regions where servers of a balancer may be. */
async function lookAround(balancer: Balancer, lists: Lists): Promise<Around> {
  const { upstreams, nodes = [] } = balancer;
  const named = Object.values(upstreams).map(({ discover }) => discover?.lightsail?.region);
  const own = balancer.regions ?? (named.includes(undefined) ? [await homeRegion()] : []);
  const regions = new Set(named.flatMap((region) => region ?? own));
  const all = await Promise.all([...regions].map((region) => listInstances(region, lists)));
  const here = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ internal }) => !internal).map(({ address }) => address),
  );
  return { instances: all.flat(), home: own[0] ?? '', own: new Set([...here, ...nodes.map(hostOf)]) };
}

/** Where ssh goes to; a name that only ssh knows stays what it is. */
function hostOf(destination: string): string {
  const [, host = destination] =
    /^(?:ssh:\/\/)?(?:.*@)?(\[[^\]]*\]|[^:]*)(?::\d+)?$/u.exec(destination) ?? [];
  return host;
}
